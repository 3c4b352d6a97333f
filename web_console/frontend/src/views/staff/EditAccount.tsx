import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Role } from "../../data/people";
import { changeStaff, type Staff } from "../../data/staff";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { useWords } from "../../words/words";
import { RoleChoice } from "./AccountFields";
import { PlaceFields } from "./places";

export function EditAccount({ account, opened, onClose, onChanged }: { account: Staff; opened: boolean; onClose: () => void; onChanged: () => void }) {
  const t = useWords("staff");
  const { act } = useAct();
  const [name, setName] = useState(account.name);
  const [roles, setRoles] = useState<Role[]>(account.roles);
  const [where, setWhere] = useState({ district: "", organisation: "" });
  useEffect(() => {
    if (!opened) return;
    setName(account.name);
    setRoles(account.roles);
    setWhere({ district: account.district ?? "", organisation: account.organisation_id ?? "" });
  }, [opened, account]);
  const save = () =>
    act(async () => {
      const { district, organisation } = where;
      await changeStaff(account.id, { name: name.trim(), roles, ...(district ? { district } : {}), ...(organisation ? { organisation_id: organisation } : {}) });
      onChanged();
    });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("edit_title")} confirm={t("save")} disabled={name.trim() === "" || roles.length === 0} onConfirm={save}>
      <TextInput label={t("name")} description={t("name_help")} value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={60} required data-testid="staff-name" />
      <RoleChoice value={roles} onChange={setRoles} />
      <PlaceFields roles={roles} {...where} set={(change) => setWhere((held) => ({ ...held, ...change }))} />
    </Dialog>
  );
}
