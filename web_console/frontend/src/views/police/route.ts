import { may } from "../../data/session";
import type { Route } from "../routes";

export default {
  path: "/police/:id?",
  label: { zh: "公安接警台", en: "Police desk" },
  order: 22,
  allow: (user) => may(user, "alert.police"),
  load: () => import("./PoliceDesk"),
} satisfies Route;
