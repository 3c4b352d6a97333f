import { may } from "../../data/session";
import type { Route } from "../routes";

export default {
  path: "/shifts",
  label: { zh: "值班表", en: "Shifts" },
  order: 45,
  allow: (user) => may(user, "shift.read"),
  load: () => import("./ShiftsPage"),
} satisfies Route;
