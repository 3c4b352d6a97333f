import { may } from "../../data/session";
import type { Route } from "../routes";

export default {
  path: "/switchboard",
  label: { zh: "队列调度", en: "Switchboard" },
  order: 42,
  allow: (user) => may(user, "contact.supervise"),
  load: () => import("./SwitchboardPage"),
} satisfies Route;
