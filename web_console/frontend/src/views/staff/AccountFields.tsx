import { Checkbox, Input, SimpleGrid } from "@mantine/core";
import type { Role } from "../../data/people";
import { ROLES } from "../../data/staff";
import { useWords } from "../../words/words";

export function RoleChoice({ value, onChange }: { value: Role[]; onChange: (roles: Role[]) => void }) {
  const t = useWords("staff");
  return (
    <Checkbox.Group value={value} onChange={(roles) => onChange(roles as Role[])} label={<Input.Label required>{t("roles")}</Input.Label>}>
      <SimpleGrid cols={2} spacing={8} mt={6}>
        {ROLES.map((role) => (
          <Checkbox key={role} value={role} label={t(`role_${role}`)} data-testid={`staff-role-${role}`} />
        ))}
      </SimpleGrid>
    </Checkbox.Group>
  );
}
