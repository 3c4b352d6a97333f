import { Button, Chip, Group, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { addParty } from "../../data/callCommands";
import { OUTSIDE_KINDS, type OutsideKind } from "../../data/calls";
import type { Contact } from "../../data/contacts";
import { useSkills } from "../../data/skills";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { http } from "../../wire/http";
import type { Schemas } from "../../wire/schema";
import { usePick, useWords } from "../../words/words";

/** An interpreter, a guardian, the desk of 110 or 120: rung into the room by the counselor's own hand. */
export function CallAddParty({ contact, opened, onClose }: { contact: Contact; opened: boolean; onClose: () => void }) {
  const t = useWords("phone");
  const [kind, setKind] = useState<OutsideKind>("interpreter");
  const [number, setNumber] = useState("");
  const { act } = useAct();
  const call = async () => {
    const done = await act(() => addParty(contact.id, kind, number.trim()));
    if (done) setNumber("");
    return done;
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("add_title")} consequence={t("add_body")} confirm={t("add_do")} disabled={number.trim().length < 3} onConfirm={call} testId="add-party">
      <OutsideNumber kind={kind} onKind={setKind} number={number} onNumber={setNumber} />
    </Dialog>
  );
}

interface OutsideProps {
  kind: OutsideKind;
  onKind: (kind: OutsideKind) => void;
  number: string;
  onNumber: (number: string) => void;
}

/** Who it is, and their number; the numbers for immediate danger stand ready for the desks. */
export function OutsideNumber({ kind, onKind, number, onNumber }: OutsideProps) {
  const t = useWords("phone");
  return (
    <>
      <div role="group" aria-label={t("add_kind")}>
        <Text size="sm" fw={500} mb={6}>
          {t("add_kind")}
        </Text>
        <Chip.Group value={kind} onChange={(value) => onKind(value as OutsideKind)}>
          <Group gap={6}>
            {OUTSIDE_KINDS.map((one) => (
              <Chip key={one} value={one} data-testid={`outside-${one}`}>
                {t(`kind_${one}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </div>
      {kind === "emergency_desk" ? <DeskNumbers onNumber={onNumber} /> : null}
      {kind === "partner" ? <PartnerNumber onNumber={onNumber} /> : null}
      <TextInput
        label={t("add_number")}
        description={t("add_number_hint")}
        value={number}
        onChange={(event) => onNumber(event.currentTarget.value)}
        maxLength={40}
        inputMode="tel"
        autoComplete="off"
        required
        data-autofocus
        data-testid="outside-number"
      />
    </>
  );
}

function DeskNumbers({ onNumber }: { onNumber: (number: string) => void }) {
  const t = useWords("phone");
  const pick = usePick();
  const { data } = useQuery({ queryKey: ["public"], queryFn: () => http.get<Schemas["PublicView"]>("/api/public") });
  return (
    <div>
      <Text size="sm">{t("add_desk_hint")}</Text>
      <Group gap={6} mt={6}>
        {data?.numbers.map((one) => (
          <Button key={one.number} size="compact-sm" variant="default" onClick={() => onNumber(one.number)}>
            {pick(one, "label")} {one.number}
          </Button>
        ))}
      </Group>
    </div>
  );
}

/** The partner line's number stands ready where one is set. */
function PartnerNumber({ onNumber }: { onNumber: (number: string) => void }) {
  const t = useWords("phone");
  const number = useSkills()?.partner_number;
  return number ? (
    <Button size="compact-sm" variant="default" style={{ alignSelf: "flex-start" }} onClick={() => onNumber(number)} data-testid="partner-number">
      {t("kind_partner")} {number}
    </Button>
  ) : null;
}
