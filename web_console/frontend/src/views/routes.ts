import type { ComponentType } from "react";
import type { User } from "../data/people";

/**
 * A place in the console. Every folder of `views/` may hold a `route.ts` that default-exports one (or a list): it is found by
 * itself, so that a new view touches no list. The view is loaded when it is first opened.
 */
export interface Route {
  /** Behind the `#`, with wouter's parameters: `/contacts/:id?`. The first part names the place. */
  path: string;
  /** The name in the navigation. */
  label: { zh: string; en: string };
  /** Order in the navigation; the first one that a person may see is where they start. */
  order: number;
  allow: (user: User) => boolean;
  load: () => Promise<{ default: ComponentType }>;
}

const found = import.meta.glob<{ default: Route | Route[] }>("./*/route.ts", { eager: true });

export const ROUTES: readonly Route[] = Object.values(found)
  .flatMap((module) => module.default)
  .sort((a, b) => a.order - b.order);

export const routesOf = (user: User): Route[] => ROUTES.filter((route) => route.allow(user));

/** Where a link to the place leads: `/contacts/:id?` → `/contacts`. */
export const rootOf = (route: Route): string => `/${route.path.split("/")[1] ?? ""}`;
