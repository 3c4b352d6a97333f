import { NativeSelect } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Occurrence } from "../../data/duty";
import { useUser } from "../../data/session";
import { offerShift } from "../../data/swaps";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { newId } from "../../wire/ids";
import { useLanguage, useWords } from "../../words/words";
import { useChoices } from "./people";
import { dayName, hour } from "./times";

/** One's own shift of one day, to one colleague or to whoever may do it. */
export function OfferShift({ occurrence, onClose }: { occurrence: Occurrence | null; onClose: () => void }) {
  const t = useWords("shifts");
  const language = useLanguage();
  const user = useUser();
  const { act } = useAct();
  const [asked, setAsked] = useState("");
  const [key, setKey] = useState(newId);
  const choices = useChoices(occurrence?.role ?? "counselor");
  useEffect(() => {
    setAsked("");
    setKey(newId());
  }, [occurrence]);
  if (!occurrence?.shift_id) return null;
  const { shift_id, day, start, end, people } = occurrence;
  const others = choices.filter((one) => one.value !== user.id && !people.some((person) => person.id === one.value));
  const offer = () => act(async () => (await offerShift(shift_id, day, asked || null, key), onClose()));
  const when = `${dayName(new Date(start), language)} ${hour(start, language)}–${hour(end, language)}`;
  return (
    <Dialog opened onClose={onClose} title={t("swap_offer", { when })} consequence={t("swap_offer_help")} confirm={t("swap_offer_send")} onConfirm={offer} testId="swap-dialog">
      <NativeSelect label={t("swap_to")} data={[{ value: "", label: t("swap_to_anybody") }, ...others]} value={asked} onChange={(event) => setAsked(event.currentTarget.value)} data-testid="swap-to" />
    </Dialog>
  );
}
