import { may } from "../../data/session";
import type { Route } from "../routes";

export default {
  path: "/team/:id?",
  label: { zh: "出警任务", en: "Call-outs" },
  order: 21,
  allow: (user) => may(user, "alert.respond"),
  load: () => import("./TeamPage"),
} satisfies Route;
