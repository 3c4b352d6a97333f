import { MantineProvider } from "@mantine/core";
import "@mantine/core/styles.css";
import { Notifications } from "@mantine/notifications";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect } from "react";
import { Router } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { deskOf, onLeaving, resumeSession, useSession } from "../../data/session";
import { LiveRegions } from "../../ui/live";
import { Empty, Loading } from "../../ui/states";
import { theme, variables } from "../../ui/theme";
import "../../ui/tokens.css";
import { Problem } from "../../wire/problem";
import { useWords } from "../../words/words";
import { SignIn, SignInAgain } from "../signin/SignIn";
import { Shell } from "./Shell";

/** Refusals (4xx) are answers: only a lost network or a failing server is worth a second try. */
const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 10_000, retry: (count, error) => count < 2 && !(error instanceof Problem && error.status >= 400 && error.status < 500) },
  },
});

// Nothing of one person may be left in memory for the next one at this desk.
onLeaving(() => queries.clear());

/** How often the first question is repeated while the server does not answer. */
const ASK_AGAIN_MS = 3_000;

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-left" limit={4} containerWidth={250} />
        <LiveRegions />
        <Router hook={useHashLocation}>
          <SessionGate />
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  );
}

function SessionGate() {
  const t = useWords("shell");
  const { user, unreachable } = useSession();
  useEffect(() => {
    if (user !== undefined) return;
    void resumeSession();
    const again = setInterval(() => void resumeSession(), ASK_AGAIN_MS);
    return () => clearInterval(again);
  }, [user]);
  if (user === undefined) return unreachable ? <Empty icon="offline" title={t("unreachable")} body={t("unreachable_body")} /> : <Loading rows={4} />;
  return user === null ? (
    <SignIn />
  ) : (
    <>
      <Shell key={deskOf(user)} />
      <SignInAgain />
    </>
  );
}
