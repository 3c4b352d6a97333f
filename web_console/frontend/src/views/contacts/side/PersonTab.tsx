import { Button, Stack } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { fetchPublic } from "../../../data/chat";
import { unmaskNumber } from "../../../data/contactCommands";
import { may, useUser } from "../../../data/session";
import { useAct } from "../../../ui/act";
import { Confirm } from "../../../ui/confirm";
import { useLanguage, usePick, useWords } from "../../../words/words";
import { holds } from "../access";
import { dateTime } from "../naming";
import type { SideProps } from "../SidePanel";
import classes from "./side.module.css";

const AGES = ["under14", "14to17", "18to25", "26to59", "60plus"] as const;

export function PersonTab({ contact }: SideProps) {
  const t = useWords("desk");
  const words = useWords("ui");
  const language = useLanguage();
  const pick = usePick();
  const { data } = useQuery({ queryKey: ["public"], queryFn: fetchPublic, staleTime: Infinity });
  const topic = data?.topics.find((one) => one.code === contact.topic);
  const age = AGES.find((band) => band === contact.age_band);
  const facts = [
    [t("person_nickname"), contact.nickname],
    [t("person_age"), age ? t(`age_${age}`) : null],
    [t("person_topic"), topic ? pick(topic) : contact.topic],
    [t("person_language"), t(contact.language === "en" ? "language_en" : "language_zh")],
    [t("person_district"), contact.district],
    [t("person_channel"), words(`channel_${contact.channel}`)],
    [t("person_opened"), dateTime(contact.opened_at, language)],
  ] as const;
  return (
    <Stack gap="md">
      <dl className={classes["facts"]} data-testid="person-facts">
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value ?? t("person_none")} />
        ))}
        {contact.number_masked ? <Fact name={t("person_number")} value={<PhoneNumber contact={contact} />} /> : null}
      </dl>
      {contact.joined.length > 0 ? <p className={classes["dim"]}>{t("joined_by", { names: contact.joined.map((one) => one.name).join(", ") })}</p> : null}
    </Stack>
  );
}

function Fact({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function PhoneNumber({ contact }: Pick<SideProps, "contact">) {
  const t = useWords("desk");
  const user = useUser();
  const [asking, setAsking] = useState(false);
  const [number, setNumber] = useState<string | null>(null);
  const { act } = useAct();
  const allowed = may(user, "contact.unmask") || holds(user, contact);
  if (number) return <a href={`tel:${number}`}>{number}</a>;
  return (
    <>
      <span className="tabular">{contact.number_masked}</span>{" "}
      {allowed ? (
        <Button size="compact-xs" variant="subtle" onClick={() => setAsking(true)} data-testid="unmask">
          {t("unmask")}
        </Button>
      ) : null}
      <Confirm
        opened={asking}
        title={t("unmask")}
        consequence={t("unmask_body")}
        confirm={t("unmask")}
        onConfirm={() => act(async () => setNumber((await unmaskNumber(contact.id)).number))}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
