import { may } from "../../data/session";
import type { Route } from "../routes";

export default {
  path: "/staff",
  label: { zh: "账号", en: "Accounts" },
  order: 50,
  allow: (user) => may(user, "staff.manage"),
  load: () => import("./StaffPage"),
} satisfies Route;
