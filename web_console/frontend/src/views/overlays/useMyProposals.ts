import { useMemo } from "react";
import type { Alert } from "../../data/alerts";
import { openAlerts } from "../../data/alerts";
import type { User } from "../../data/people";
import { hasRole, useUser } from "../../data/session";
import { useKnown } from "../../data/store";

/** Proposed alerts that wait for this person: the counselor's own, and for supervisors those that have come to them (no
 * counselor yet, or the counselor's time ran out). */
export function useMyProposals(): Alert[] {
  const user = useUser();
  const alerts = useKnown((known) => known.alerts);
  return useMemo(() => openAlerts(alerts).filter((alert) => isFor(user, alert)), [alerts, user]);
}

export function isFor(user: User, alert: Alert): boolean {
  if (alert.state !== "proposed") return false;
  if (alert.counselor?.id === user.id) return true;
  return hasRole(user, "supervisor") && (alert.counselor === null || alert.rung > 0 || alert.notified.includes("supervisor"));
}
