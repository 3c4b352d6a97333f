import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { fetchPerson, type PersonRecord } from "../../data/referralCommands";
import { DECLINE_REASONS } from "../../data/referralForms";
import type { Referral } from "../../data/referrals";
import { useAct } from "../../ui/act";
import type { Key } from "../../words/areas";
import { useWords } from "../../words/words";
import { useClockTime } from "../dispatch/Timeline";
import classes from "./Referrals.module.css";
import type { Codes } from "./useCodes";

type K = Key<"referrals">;

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes["part"]} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === "" || children === false) return null;
  return (
    <div className={classes["fact"]}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Masked for all; the full record is asked for, and that it was read is kept. */
export function PersonPart({ referral }: { referral: Referral }) {
  const t = useWords("referrals");
  const { act, busy } = useAct();
  const [full, setFull] = useState<PersonRecord | null>(null);
  const person = referral.person;
  const parts = [person.name_masked, person.sex ? t(`sex_${person.sex}` as K) : null, person.birth_year ? t("born", { year: person.birth_year }) : null, person.phone_masked, person.has_guardian ? t("has_guardian") : null];
  return (
    <Part title={t("person")}>
      {full ? (
        <dl data-testid="referral-person-full">
          {Object.entries({ ...full.person, ...full.health })
            .filter(([, value]) => value !== null && value !== "")
            .map(([name, value]) => (
              <Fact key={name} name={t(`person_${name}` as K)}>
                {name === "sex" ? t(`sex_${String(value)}` as K) : name.endsWith("phone") ? <a href={`tel:${String(value)}`}>{String(value)}</a> : String(value)}
              </Fact>
            ))}
        </dl>
      ) : (
        <>
          <p data-testid="referral-person">{parts.filter(Boolean).join(" · ")}</p>
          {referral.consent.revoked_at ? null : (
            <p className={classes["unmask"]}>
              <Button size="compact-xs" variant="default" loading={busy} onClick={() => void act(async () => setFull(await fetchPerson(referral.id)))} data-testid="referral-unmask">
                {t("person_show")}
              </Button>
              <span className={classes["quiet"]}>{t("person_show_note")}</span>
            </p>
          )}
        </>
      )}
    </Part>
  );
}

export function Facts({ referral, codes }: { referral: Referral; codes: Codes }) {
  const t = useWords("referrals");
  const declined = DECLINE_REASONS.find((code) => code === referral.decline_reason);
  return (
    <Part title={t("needs")}>
      <dl>
        <Fact name={t("needs")}>{referral.needs.map(codes.need).join(" · ")}</Fact>
        <Fact name={t("note")}>{referral.note}</Fact>
        <Fact name={t("risk_note")}>{referral.risk_note}</Fact>
        <Fact name={t("channel")}>
          {t(`channel_${referral.channel}`)}
          {referral.contact_id ? ` · ${t("from_contact")}` : ""}
        </Fact>
        <Fact name={t("district")}>{referral.district ? codes.district(referral.district) : null}</Fact>
        <Fact name={t("institution")}>{referral.institution?.name ?? t("institution_none")}</Fact>
        <Fact name={t("owner")}>{referral.owner ? t(`owner_${referral.owner}`) : null}</Fact>
        <Fact name={t("decline_reason")}>{declined ? t(`decline_${declined}`) : referral.decline_reason}</Fact>
        <Fact name={t("closure_code")}>{referral.closure_code ? codes.closureWord(referral.closure_code) : null}</Fact>
        <Fact name={t("stage_follow_up")}>{referral.visits_done ? t("visits", { n: referral.visits_done }) : null}</Fact>
      </dl>
    </Part>
  );
}

export function ConsentPart({ referral, codes }: { referral: Referral; codes: Codes }) {
  const t = useWords("referrals");
  const at = useClockTime();
  const { consent } = referral;
  const named = (receiver: string) => codes.institutions.find((each) => each.id === receiver)?.name ?? receiver;
  const word = (prefix: string, code: string) => {
    const key = `${prefix}_${code}` as K;
    return t(key) === key ? code : t(key);
  };
  return (
    <Part title={t("consent")}>
      {consent.revoked_at ? <p>{t("consent_revoked", { at: at(consent.revoked_at) })}</p> : null}
      {consent.given ? (
        <>
          <p>{t("consent_given", { by: word("consent_by", consent.by ?? "person"), at: consent.at ? at(consent.at) : "", how: consent.how ? word("how", consent.how) : "" })}</p>
          <dl>
            <Fact name={t("consent_scope")}>{consent.scope.map((each) => word("scope", each)).join(" · ")}</Fact>
            <Fact name={t("consent_receivers")}>{consent.receivers.map(named).join(" · ")}</Fact>
          </dl>
        </>
      ) : (
        <p>{t("consent_not")}</p>
      )}
    </Part>
  );
}

export function HistoryPart({ referral }: { referral: Referral }) {
  const t = useWords("referrals");
  const at = useClockTime();
  const word = (move: string) => {
    const key = `move_${move}` as K;
    return t(key) === key ? move : t(key);
  };
  return (
    <Part title={t("history")}>
      {referral.history.length === 0 ? <p className={classes["quiet"]}>{t("history_none")}</p> : null}
      <ol className={classes["history"]} data-testid="referral-history">
        {[...referral.history].reverse().map((entry, place) => (
          <li key={referral.history.length - place}>
            <time className="tabular" dateTime={entry.at}>
              {at(entry.at)}
            </time>
            <div>
              {word(entry.move)} <span className={classes["quiet"]}>{entry.actor?.name ?? t("machine")}</span>
              {entry.note ? <p>{entry.note}</p> : null}
            </div>
          </li>
        ))}
      </ol>
    </Part>
  );
}
