import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, type RenderResult } from "@testing-library/react";
import axe from "axe-core";
import type { ReactNode } from "react";
import { theme } from "./ui/theme";
import { startWords } from "./words/words";

/** What a component needs around it, in the language asked for. */
export function show(node: ReactNode, language: "zh" | "en" = "en"): RenderResult {
  startWords(import.meta.glob("./words/*/*.ts", { eager: true }), language);
  return render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>{node}</QueryClientProvider>
    </MantineProvider>,
  );
}

/** What axe finds, as words. Colours and page-wide rules cannot be judged on a piece of a page without layout. */
export async function findings(element: Element): Promise<string[]> {
  const { violations } = await axe.run(element, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}
