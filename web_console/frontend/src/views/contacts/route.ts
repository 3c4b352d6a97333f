import { may } from "../../data/session";
import type { Route } from "../routes";

export default {
  path: "/contacts/:id?",
  label: { zh: "来访", en: "Contacts" },
  order: 10,
  allow: (user) => may(user, "contact.serve"),
  load: () => import("./Desk"),
} satisfies Route;
