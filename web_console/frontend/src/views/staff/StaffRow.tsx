import { ActionIcon, Menu } from "@mantine/core";
import { useState } from "react";
import { changeStaff, resetStaff, type Staff } from "../../data/staff";
import { useUser } from "../../data/session";
import { useAct } from "../../ui/act";
import { Confirm } from "../../ui/confirm";
import { Icon } from "../../ui/Icon";
import { useWords } from "../../words/words";
import { EditAccount } from "./EditAccount";
import type { Link } from "./LinkDialog";
import { usePlaces } from "./places";
import { SkillChips, SkillsDialog } from "./SkillsDialog";
import classes from "./Staff.module.css";

type Asked = "edit" | "skills" | "reset" | "disable";

interface Props {
  account: Staff;
  onChanged: () => void;
  onLink: (link: Link) => void;
}

export function StaffRow({ account, onChanged, onLink }: Props) {
  const t = useWords("staff");
  const [asking, setAsking] = useState<Asked | null>(null);
  const { place, organisation } = usePlaces();
  return (
    <tr data-testid="staff-row" data-username={account.username} data-state={account.state}>
      <td>
        <b>{account.name}</b>
      </td>
      <td>{account.username}</td>
      <td className={classes["roles"]}>
        {account.roles.map((role) => t(`role_${role}`)).join(" · ")}
        {serves(account) ? (
          <div>
            <SkillChips skills={account.skills} />
          </div>
        ) : null}
      </td>
      <td>{place(account.district)}</td>
      <td title={account.organisation_id ?? undefined}>{organisation(account.organisation_id)}</td>
      <td>
        {t(`state_${account.state}`)}
        {account.second_factor ? ` · ${t("second_factor")}` : ""}
      </td>
      <td>
        <Acts account={account} onChanged={onChanged} ask={setAsking} />
        <Questions account={account} asking={asking} onClose={() => setAsking(null)} onChanged={onChanged} onLink={onLink} />
      </td>
    </tr>
  );
}

/** Whom contacts are routed to. */
const serves = (account: Staff): boolean => account.roles.some((role) => role === "counselor" || role === "supervisor");

function Acts({ account, onChanged, ask }: { account: Staff; onChanged: () => void; ask: (what: Asked) => void }) {
  const t = useWords("staff");
  const user = useUser();
  const { act } = useAct();
  const enable = async () => {
    if (await act(() => changeStaff(account.id, { disabled: false }))) onChanged();
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t("acts_for", { name: account.name })} data-testid="staff-menu">
          <Icon name="dots" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => ask("edit")} data-testid="staff-edit">
          {t("edit")}
        </Menu.Item>
        {account.disabled || !serves(account) ? null : (
          <Menu.Item onClick={() => ask("skills")} data-testid="staff-skills">
            {t("change_skills")}
          </Menu.Item>
        )}
        {account.disabled ? null : (
          <Menu.Item onClick={() => ask("reset")} data-testid="staff-reset">
            {t("reset")}
          </Menu.Item>
        )}
        {account.disabled ? (
          <Menu.Item onClick={() => void enable()} data-testid="staff-enable">
            {t("enable")}
          </Menu.Item>
        ) : account.id === user.id ? null : (
          <Menu.Item onClick={() => ask("disable")} data-testid="staff-disable">
            {t("disable")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Questions({ account, asking, onClose, onChanged, onLink }: Props & { asking: Asked | null; onClose: () => void }) {
  const t = useWords("staff");
  const { act } = useAct();
  const { name } = account;
  const reset = () =>
    act(async () => {
      const link = (await resetStaff(account.id)).link;
      onChanged();
      if (link) onLink({ name, link });
    });
  const disable = async () => {
    if (await act(() => changeStaff(account.id, { disabled: true }))) onChanged();
  };
  return (
    <>
      <SkillsDialog account={account} opened={asking === "skills"} onClose={onClose} onChanged={onChanged} />
      <EditAccount account={account} opened={asking === "edit"} onClose={onClose} onChanged={onChanged} />
      <Confirm opened={asking === "reset"} title={t("reset_title")} consequence={t("reset_body", { name })} confirm={t("reset_title")} onConfirm={reset} onClose={onClose} />
      <Confirm opened={asking === "disable"} title={t("disable_title")} consequence={t("disable_body", { name })} confirm={t("disable_title")} danger onConfirm={disable} onClose={onClose} />
    </>
  );
}
