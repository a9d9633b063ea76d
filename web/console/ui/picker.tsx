/** The kit's Select with a name for its list of options, too: the kit names the box alone. */
import { useEffect, useId, type ReactElement } from 'react';
import { Select, type SelectProps } from 'antd';

function Named({ list, label, children }: { list: string; label: string; children: ReactElement }) {
  useEffect(() => {
    document.getElementById(list)?.setAttribute('aria-label', label);
  });
  return children;
}

export function Picker<Value = string>({ label, ...props }: SelectProps<Value> & { label: string }) {
  const made = useId();
  const id = props.id ?? made;
  return (
    <Select<Value>
      // By the keyboard one types what one looks for.
      showSearch={{ optionFilterProp: 'label' }}
      {...props}
      id={id}
      aria-label={label}
      popupRender={(menu) => (
        <Named list={`${id}_list`} label={label}>
          {menu}
        </Named>
      )}
    />
  );
}
