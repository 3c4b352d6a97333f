import { Button } from "@mantine/core";
import { useState } from "react";
import type { Followup } from "../../data/followups";
import { useWords } from "../../words/words";
import { ApplicationDialog } from "../referrals/ApplicationDialog";
import { useCodes } from "../referrals/useCodes";

/** The referral that is owed, filed from here: with that, nothing more is owed. */
export function Refer({ followup }: { followup: Followup }) {
  const t = useWords("desk");
  const codes = useCodes();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" onClick={() => setOpen(true)} data-testid="followup-refer">
        {t("followup_refer")}
      </Button>
      <ApplicationDialog opened={open} codes={codes} contactId={followup.contact_id} onClose={() => setOpen(false)} onFiled={() => setOpen(false)} />
    </>
  );
}
