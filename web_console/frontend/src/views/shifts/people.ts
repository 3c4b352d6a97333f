import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { DutyRole } from "../../data/duty";
import type { Role } from "../../data/people";
import { fetchStaff, type Staff } from "../../data/staff";

/** As the server has it: a supervisor may stand in for anybody. */
const MAY_BE: Record<DutyRole, readonly Role[]> = { counselor: ["counselor", "supervisor"], dispatcher: ["dispatcher", "supervisor"], supervisor: ["supervisor"] };

/** Who may be planned as this, to choose from. */
export function useChoices(role: DutyRole): { value: string; label: string }[] {
  const { data } = useQuery({ queryKey: ["staff"], queryFn: fetchStaff });
  return useMemo(() => choices(data?.items ?? [], role), [data, role]);
}

const choices = (staff: readonly Staff[], role: DutyRole) =>
  staff
    .filter((one) => !one.disabled && one.roles.some((held) => MAY_BE[role].includes(held)))
    .map((one) => ({ value: one.id, label: one.name }));
