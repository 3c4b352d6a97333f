import { may } from "../../data/session";
import type { Route } from "../routes";

export default {
  path: "/referrals/:id?",
  label: { zh: "康复转介", en: "Referrals" },
  order: 40,
  allow: (user) => may(user, "referral.work") || may(user, "rehabilitation.work") || may(user, "referral.read"),
  load: () => import("./ReferralBoard"),
} satisfies Route;
