import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import type { Alert } from "./alerts";
import { learn } from "./store";

/** Who can be sent. */
export type Team = Schemas["TeamView"];

export const fetchTeams = () => http.get<{ items: Team[] }>("/api/teams");

/** Alerts by HTTP: the snapshot has only open ones, the board shows today's ended ones too. */
export async function loadAlerts(state: "open" | "all"): Promise<Alert[]> {
  const page = await http.get<{ items: Alert[] }>(`/api/alerts?state=${state}`);
  for (const alert of page.items) learn("alert", alert);
  return page.items;
}
