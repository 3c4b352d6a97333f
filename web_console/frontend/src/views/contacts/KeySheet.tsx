import { Modal, Table } from "@mantine/core";
import { useEffect, useState } from "react";
import { useWords } from "../../words/words";

const KEYS = [
  ["Alt + Enter", "keys_accept"],
  ["Alt + 1 … 9", "keys_switch"],
  ["Alt + M", "keys_focus"],
  ["Alt + M", "keys_mute"],
  ["Alt + H", "keys_hold"],
  ["⌘ / Ctrl + K", "keys_commands"],
  ["/", "keys_canned"],
  ["Enter", "keys_send"],
  ["← / →", "keys_evidence"],
  ["?", "keys_sheet"],
] as const;

/** Opened by `?` wherever one is not writing. */
export function KeySheet() {
  const t = useWords("desk");
  const words = useWords("ui");
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const writing = (event.target as HTMLElement).closest?.("input, textarea, select, [contenteditable]");
      if (event.key === "?" && !writing) setOpened(true);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return (
    <Modal opened={opened} onClose={() => setOpened(false)} title={t("keys_title")} centered closeButtonProps={{ "aria-label": words("close") }}>
      <Table data-testid="key-sheet">
        <Table.Tbody>
          {KEYS.map(([keys, word]) => (
            <Table.Tr key={word}>
              <Table.Td w={140}>
                <kbd>{keys}</kbd>
              </Table.Td>
              <Table.Td>{t(word)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
