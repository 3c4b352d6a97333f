import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { moveAlert } from "../../data/alertCommands";
import type { Alert } from "../../data/alerts";
import { fetchTeams, type Team } from "../../data/teams";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { Empty, Failed, Loading } from "../../ui/states";
import { usePick, useWords } from "../../words/words";
import { useAssignedName } from "./phrases";

/** Which team goes. Those on duty first; a team that is not on duty can be sent too, and is marked. */
export function AssignDialog({ alert, opened, onClose }: { alert: Alert; opened: boolean; onClose: () => void }) {
  const t = useWords("dispatch");
  const { act } = useAct();
  const assigned = useAssignedName()(alert);
  const [chosen, setChosen] = useState("");
  useEffect(() => {
    if (opened) setChosen("");
  }, [opened]);
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t("assign_title")}
      consequence={assigned ? t("assign_body_replace", { name: assigned }) : t("assign_body")}
      confirm={t("assign_do")}
      disabled={chosen === ""}
      onConfirm={() => act(() => moveAlert(alert, "assign", { team_id: chosen }))}
    >
      {opened ? <Teams chosen={chosen} onChoose={setChosen} /> : null}
    </Dialog>
  );
}

function Teams({ chosen, onChoose }: { chosen: string; onChoose: (id: string) => void }) {
  const t = useWords("dispatch");
  const pick = usePick();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["teams"], queryFn: fetchTeams, staleTime: 0 });
  if (isPending) return <Loading rows={2} />;
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  const teams = data.items.filter((team) => team.kind !== "police_desk").sort((a, b) => Number(b.on_duty) - Number(a.on_duty));
  if (teams.length === 0) return <Empty icon="person" title={t("assign_none")} />;
  const nameOf = (team: Team) => pick(team, "name") || team.name;
  return (
    <div role="radiogroup" aria-label={t("assign_title")} style={{ display: "grid", gap: 8 }}>
      {teams.map((team) => (
        <label key={team.id} style={{ display: "flex", gap: 10, alignItems: "center", padding: "10px 12px", border: `1px solid var(${chosen === team.id ? "--accent" : "--rule"})`, borderRadius: 8, cursor: "pointer" }}>
          <input type="radio" name="team" value={team.id} checked={chosen === team.id} onChange={() => onChoose(team.id)} style={{ accentColor: "var(--accent)" }} data-testid={`team-${team.id}`} />
          <span style={{ flex: 1 }}>{nameOf(team)}</span>
          {team.on_duty ? null : <span style={{ color: "var(--ink-2)" }}>{t("team_off")}</span>}
        </label>
      ))}
    </div>
  );
}
