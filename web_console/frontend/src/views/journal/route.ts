import { may } from "../../data/session";
import type { Route } from "../routes";

/** Where auditors begin: before the figures, after the administrator's accounts. */
export default {
  path: "/journal",
  label: { zh: "操作日志", en: "Journal" },
  order: 60,
  allow: (user) => may(user, "journal.read"),
  load: () => import("./JournalPage"),
} satisfies Route;
