import { may } from "../../data/session";
import type { Route } from "../routes";

export default {
  path: "/recordings",
  label: { zh: "录音故障", en: "Recordings in trouble" },
  order: 49,
  allow: (user) => may(user, "recording.mend"),
  load: () => import("./TroublesPage"),
} satisfies Route;
