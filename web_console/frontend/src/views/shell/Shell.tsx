import { Button } from "@mantine/core";
import { lazy, Suspense, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { Redirect, Route as Place, Switch, useLocation } from "wouter";
import { startLine, stopLine, useLine } from "../../data/line";
import { setPresence } from "../../data/presenceCommands";
import { useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { Icon } from "../../ui/Icon";
import { unlockOnFirstGesture } from "../../ui/sounds";
import { Empty, Loading } from "../../ui/states";
import { useWords } from "../../words/words";
import { Overlays } from "../overlays/Overlays";
import { rootOf, type Route, routesOf } from "../routes";
import classes from "./Shell.module.css";
import { StatusBar } from "./StatusBar";

/** Everything behind the sign-in: the status bar on top, one place below it. */
export function Shell() {
  const t = useWords("shell");
  const user = useUser();
  const routes = useMemo(() => routesOf(user), [user]);
  useEffect(() => {
    startLine();
    const forgetGesture = unlockOnFirstGesture();
    return () => {
      stopLine();
      forgetGesture();
    };
  }, []);
  const main = useFromTheTop();
  return (
    <div className={classes["shell"]}>
      <a className={classes["skip"]} href="#main" onClick={(event) => (event.preventDefault(), document.getElementById("main")?.focus())}>
        {t("skip")}
      </a>
      <StatusBar routes={routes} />
      <LineNotice />
      <MissedNotice />
      <Overlays />
      <main id="main" ref={main} tabIndex={-1} className={classes["main"]}>
        <Places routes={routes} />
      </main>
    </div>
  );
}

/** Every place begins at its top, wherever the one before was scrolled to. */
function useFromTheTop() {
  const main = useRef<HTMLElement>(null);
  const [path] = useLocation();
  useLayoutEffect(() => {
    if (main.current) main.current.scrollTop = 0;
  }, [path]);
  return main;
}

function Places({ routes }: { routes: readonly Route[] }) {
  const t = useWords("shell");
  const views = useMemo(() => routes.map((route) => ({ path: route.path, View: lazy(route.load) })), [routes]);
  const start = routes[0];
  if (!start) return <Empty icon="person" title={t("no_views")} />;
  return (
    <Suspense fallback={<Loading rows={5} />}>
      <Switch>
        {views.map(({ path, View }) => (
          <Place key={path} path={path}>
            <View />
          </Place>
        ))}
        <Place path="/">
          <Redirect to={rootOf(start)} replace />
        </Place>
        <Place>
          <Empty icon="search" title={t("not_here")} action={<a href={`#${rootOf(start)}`}>{t("go_start")}</a>} />
        </Place>
      </Switch>
    </Suspense>
  );
}

/** After a missed offer nobody else is sent until they say that they are there: that must not be overlooked. */
function MissedNotice() {
  const t = useWords("shell");
  const user = useUser();
  const me = useKnown((known) => known.presences[user.id]);
  const { act, busy } = useAct();
  if (me?.state !== "not_ready") return null;
  return (
    <div className={`${classes["line"]} ${classes["missed"]}`} role="status" data-testid="missed-notice">
      <Icon name="clock" size={16} />
      <span>{t("presence_not_ready_help")}</span>
      <Button size="compact-sm" loading={busy} onClick={() => void act(() => setPresence({ state: "available" }))} data-testid="missed-available">
        {t("go_available")}
      </Button>
    </div>
  );
}

function LineNotice() {
  const t = useWords("shell");
  const state = useLine((line) => line.state);
  if (state !== "waiting") return null;
  return (
    <div className={classes["line"]} role="status" data-testid="line-notice">
      <Icon name="offline" size={16} />
      <strong>{t("line_waiting")}</strong>
      <span>{t("line_down")}</span>
    </div>
  );
}
