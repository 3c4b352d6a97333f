import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Role } from "../../data/people";
import { createStaff, type NewStaff } from "../../data/staff";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { newId } from "../../wire/ids";
import { useWords } from "../../words/words";
import { RoleChoice } from "./AccountFields";
import type { Link } from "./LinkDialog";
import { PlaceFields } from "./places";

const EMPTY = { name: "", username: "", district: "", organisation: "" };

/** A new account has no password: its owner chooses one behind a one-time link. */
export function NewAccount({ opened, onClose, onMade }: { opened: boolean; onClose: () => void; onMade: (link: Link | null) => void }) {
  const t = useWords("staff");
  const { act } = useAct();
  const [fields, setFields] = useState(EMPTY);
  const [roles, setRoles] = useState<Role[]>(["counselor"]);
  const [key, setKey] = useState(newId);
  useEffect(() => {
    if (!opened) return;
    setFields(EMPTY);
    setRoles(["counselor"]);
    setKey(newId());
  }, [opened]);
  const text = (name: keyof typeof EMPTY, label: string, max: number, help?: string, required = false) => (
    <TextInput label={label} {...(help ? { description: help } : {})} value={fields[name]} onChange={(event) => setFields({ ...fields, [name]: event.currentTarget.value })} maxLength={max} required={required} data-testid={`staff-${name}`} />
  );
  const create = () =>
    act(async () => {
      const link = (await createStaff(accountOf(fields, roles), key)).link;
      onMade(link ? { name: fields.name.trim(), link } : null);
    });
  const ready = fields.name.trim() !== "" && fields.username.trim().length >= 2 && roles.length > 0;
  return (
    <Dialog opened={opened} onClose={onClose} title={t("new")} confirm={t("create")} disabled={!ready} onConfirm={create}>
      {text("name", t("name"), 60, t("name_help"), true)}
      {text("username", t("username"), 64, t("username_help"), true)}
      <RoleChoice value={roles} onChange={setRoles} />
      <PlaceFields roles={roles} district={fields.district} organisation={fields.organisation} set={(change) => setFields((held) => ({ ...held, ...change }))} />
    </Dialog>
  );
}

function accountOf(fields: typeof EMPTY, roles: Role[]): NewStaff {
  const district = fields.district.trim();
  const organisation = fields.organisation.trim();
  return {
    name: fields.name.trim(),
    username: fields.username.trim().toLowerCase(),
    roles,
    ...(district ? { district } : {}),
    ...(organisation ? { organisation_id: organisation } : {}),
  };
}
