import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may, useUser } from "../../data/session";
import { fetchStaff, type Staff } from "../../data/staff";
import { Failed, Loading } from "../../ui/states";
import { useWords } from "../../words/words";
import { SkillChips, SkillsDialog } from "../staff/SkillsDialog";
import classes from "./Switchboard.module.css";

/** Who can do what: everybody who serves contacts. */
export function SkillsTable() {
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["staff"], queryFn: fetchStaff });
  if (isPending) return <Loading rows={3} />;
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  const people = data.items.filter((one) => !one.disabled && (one.roles.includes("counselor") || one.roles.includes("supervisor")));
  return (
    <ul className={classes["people"]} data-testid="skills-table">
      {people.map((one) => (
        <Row key={one.id} account={one} onChanged={() => void refetch()} />
      ))}
    </ul>
  );
}

function Row({ account, onChanged }: { account: Staff; onChanged: () => void }) {
  const t = useWords("switchboard");
  const user = useUser();
  const changes = may(user, "staff.skills") || may(user, "staff.manage");
  const [open, setOpen] = useState(false);
  return (
    <li data-testid="skills-row" data-username={account.username}>
      <b>{account.name}</b>
      <SkillChips skills={account.skills} />
      {changes ? (
        <Button size="xs" variant="default" onClick={() => setOpen(true)} aria-label={`${t("change_skills")}: ${account.name}`} data-testid="skills-change">
          {t("change_skills")}
        </Button>
      ) : null}
      <SkillsDialog account={account} opened={open} onClose={() => setOpen(false)} onChanged={onChanged} />
    </li>
  );
}
