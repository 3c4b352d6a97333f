import { Button, Group } from "@mantine/core";
import { useEffect } from "react";
import { usePhone } from "../../data/phone";
import { answerPhone, declinePhone, startPhone, stopPhone } from "../../data/phoneLine";
import { useUser } from "../../data/session";
import { Icon } from "../../ui/Icon";
import { announce } from "../../ui/live";
import { useWords } from "../../words/words";
import { useRinging } from "../overlays/Bells";
import classes from "./phone.module.css";

const RING_EVERY_MS = 3_000;

/** The telephone lives as long as the console of this person; a ring that is not for one's own call asks first. */
export function PhoneRing() {
  const t = useWords("phone");
  const user = useUser();
  const ringing = usePhone((phone) => phone.talk === "ringing");
  useEffect(() => {
    void startPhone(user.id);
    return () => void stopPhone();
  }, [user.id]);
  useRinging(ringing, "offer", RING_EVERY_MS, t("rings_notification"));
  useEffect(() => {
    if (ringing) announce(`${t("rings")}. ${t("rings_body")}`, "assertive");
    // Once for each ring.
  }, [ringing]);
  if (!ringing) return null;
  return (
    <section className={classes["ring"]} aria-label={t("rings")} data-testid="phone-ring">
      <span>
        <Icon name="call" size={20} />
        <b>{t("rings")}</b>
        {t("rings_body")}
      </span>
      <Group gap={8}>
        <Button onClick={answerPhone} data-testid="phone-answer">
          {t("answer")}
        </Button>
        <Button variant="default" onClick={declinePhone} data-testid="phone-decline">
          {t("decline")}
        </Button>
      </Group>
    </section>
  );
}
