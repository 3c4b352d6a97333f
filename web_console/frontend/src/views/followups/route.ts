import { may } from "../../data/session";
import type { Route } from "../routes";

export default {
  path: "/followups",
  label: { zh: "回访", en: "Follow-ups" },
  order: 30,
  allow: (user) => may(user, "followup.work"),
  load: () => import("./FollowupList"),
} satisfies Route;
