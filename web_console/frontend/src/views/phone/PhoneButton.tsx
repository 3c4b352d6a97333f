import { ActionIcon, Indicator } from "@mantine/core";
import { useState } from "react";
import { canBeRung, type PhoneState, ringsHere, usePhone } from "../../data/phone";
import { may, useUser } from "../../data/session";
import { Icon } from "../../ui/Icon";
import { useWords, type Say } from "../../words/words";
import { PhoneDialog } from "./PhoneDialog";

/** One's own telephone in the status bar: a mark on it when calls cannot come in. */
export function PhoneButton() {
  const t = useWords("phone");
  const user = useUser();
  const phone = usePhone();
  const [opened, setOpened] = useState(false);
  if (!may(user, "contact.serve") || !phone.own?.line) return null;
  const words = phoneWords(t, phone);
  return (
    <>
      <Indicator disabled={canBeRung(phone)} color="var(--ink)" size={9} offset={5}>
        <ActionIcon variant="subtle" color="gray" aria-label={`${t("phone")}: ${words}`} title={words} onClick={() => setOpened(true)} data-testid="phone-button" data-kind={phone.own.kind} data-registration={phone.registration} data-talk={phone.talk}>
          <span style={{ color: "var(--ink)", display: "inline-flex" }}>
            <Icon name="headset" size={18} />
          </span>
        </ActionIcon>
      </Indicator>
      <PhoneDialog opened={opened} onClose={() => setOpened(false)} />
    </>
  );
}

/** How one's telephone stands, in a few words. */
export function phoneWords(t: Say<"phone">, { own, registration }: PhoneState): string {
  if (own?.kind === "number") return t("phone_number", { number: own.number_masked ?? "" });
  if (own?.kind === "simulated") return t("phone_simulated");
  if (!ringsHere(own) || registration === "off") return t("phone_none");
  const browser = t(`phone_${registration}`);
  return own?.kind === "both" ? t("phone_both", { browser, number: own.number_masked ?? "" }) : browser;
}
