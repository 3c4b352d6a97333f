import { may } from "../../data/session";
import type { Route } from "../routes";

export default {
  path: "/line",
  label: { zh: "电话线路", en: "Telephone line" },
  order: 48,
  allow: (user) => may(user, "line.manage"),
  load: () => import("./LinePage"),
} satisfies Route;
