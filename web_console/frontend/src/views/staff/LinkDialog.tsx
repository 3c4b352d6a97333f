import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../words/words";

export interface Link {
  name: string;
  link: string;
}

/** Shown once; it is kept nowhere. */
export function LinkDialog({ link, onClose }: { link: Link | null; onClose: () => void }) {
  const t = useWords("staff");
  const words = useWords("ui");
  const [copied, setCopied] = useState(false);
  const close = () => {
    setCopied(false);
    onClose();
  };
  const copy = async () => {
    await navigator.clipboard.writeText(link!.link);
    setCopied(true);
  };
  return (
    <Modal opened={link !== null} onClose={close} title={t("link_title")} centered closeButtonProps={{ "aria-label": words("close") }}>
      <Text mb="sm">{t("link_body", { name: link?.name ?? "" })}</Text>
      <TextInput value={link?.link ?? ""} readOnly aria-label={t("link_title")} onFocus={(event) => event.currentTarget.select()} data-testid="staff-link" />
      <Group justify="flex-end" mt="md">
        {typeof navigator.clipboard === "undefined" ? null : (
          <Button variant="default" onClick={() => void copy()} data-testid="staff-copy">
            {copied ? t("copied") : t("copy")}
          </Button>
        )}
        <Button onClick={close}>{t("done")}</Button>
      </Group>
    </Modal>
  );
}
