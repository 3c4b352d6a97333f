import { may } from "../../data/session";
import type { Route } from "../routes";

/** Figures for whoever reads figures; the weekly sample for supervisors. */
export default {
  path: "/triage/:part?",
  label: { zh: "研判质量", en: "Triage quality" },
  order: 85,
  allow: (user) => may(user, "indicators.read"),
  load: () => import("./TriagePage"),
} satisfies Route;
