import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { fetchPublic } from "../../../data/chat";
import { useLanguage, usePick, useWords } from "../../../words/words";
import { dateTime } from "../naming";
import type { SideProps } from "../SidePanel";
import { KnownPerson } from "./KnownPerson";
import { PhoneNumber } from "./PhoneNumber";
import { StopTexts } from "./StopTexts";
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
      <StopTexts contact={contact} />
      <KnownPerson contact={contact} />
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
