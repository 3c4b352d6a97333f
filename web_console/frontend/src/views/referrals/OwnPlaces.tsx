import { Button, NumberInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Institution, setPlaces } from "../../data/referralCommands";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { useWords } from "../../words/words";

/** The institution's own places: what referral workers choose by. */
export function OwnPlaces({ institution }: { institution: Institution }) {
  const t = useWords("referrals");
  const queries = useQueryClient();
  const { act } = useAct();
  const [asking, setAsking] = useState(false);
  const [total, setTotal] = useState(institution.places_total);
  const [free, setFree] = useState(institution.places_free);
  const open = () => {
    setTotal(institution.places_total);
    setFree(institution.places_free);
    setAsking(true);
  };
  const save = () =>
    act(async () => {
      await setPlaces(institution.id, total, free);
      await queries.invalidateQueries({ queryKey: ["rehabilitation", "institutions"] });
    });
  return (
    <>
      <Button variant="default" onClick={open} data-testid="referral-places">
        {t("places_own", { free: institution.places_free, total: institution.places_total })}
      </Button>
      <Dialog opened={asking} onClose={() => setAsking(false)} title={t("places_title")} consequence={t("places_body")} confirm={t("places_save")} disabled={free > total} onConfirm={save}>
        <NumberInput label={t("places_total")} value={total} onChange={(value) => setTotal(Number(value))} min={0} max={100_000} allowDecimal={false} />
        <NumberInput label={t("places_free")} value={free} onChange={(value) => setFree(Number(value))} min={0} max={total} allowDecimal={false} />
      </Dialog>
    </>
  );
}
