import { may } from "../../data/session";
import type { Route } from "../routes";

export default {
  path: "/dispatch/:id?",
  label: { zh: "派遣台", en: "Dispatch" },
  order: 20,
  allow: (user) => may(user, "alert.dispatch"),
  load: () => import("./Board"),
} satisfies Route;
