import { may } from "../../data/session";
import type { Route } from "../routes";

/** The school's own place; counselors and supervisors read the same pages further down in their navigation. */
const place = (order: number, allow: Route["allow"]): Route => ({
  path: "/school-reports/:id?",
  label: { zh: "校园危机报告", en: "School reports" },
  order,
  allow,
  load: () => import("./SchoolPage"),
});

export default [
  place(23, (user) => may(user, "school.report")),
  place(35, (user) => may(user, "school.read") && !may(user, "school.report")),
] satisfies Route[];
