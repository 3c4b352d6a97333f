import { may } from "../../data/session";
import type { Route } from "../routes";

/** Where supervisors begin; for auditors and administrators, who see the figures only, further down. */
const place = (order: number, allow: Route["allow"]): Route => ({
  path: "/wallboard",
  label: { zh: "大屏", en: "Wallboard" },
  order,
  allow,
  load: () => import("./Wallboard"),
});

export default [
  place(5, (user) => may(user, "contact.supervise")),
  place(80, (user) => may(user, "indicators.read") && !may(user, "contact.supervise")),
] satisfies Route[];
