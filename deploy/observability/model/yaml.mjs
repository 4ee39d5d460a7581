// Writes plain objects, arrays, strings and numbers as YAML, in the one form that Prometheus' rule files need.

export function toYaml(value, indent = '') {
  if (Array.isArray(value)) {
    return value.map((item) => `${indent}- ${toYaml(item, `${indent}  `).trimStart()}`).join('');
  }
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, content]) => `${indent}${key}:${entry(content, indent)}`)
      .join('');
  }
  return `${indent}${scalar(value)}\n`;
}

function entry(content, indent) {
  if (typeof content === 'object') return `\n${toYaml(content, `${indent}  `)}`;
  if (typeof content === 'string' && content.includes('\n')) {
    return ` |-\n${content.split('\n').map((line) => `${indent}  ${line}\n`).join('')}`;
  }
  return ` ${scalar(content)}\n`;
}

// A JSON string is a YAML string; what needs no quotes gets none.
function scalar(value) {
  if (typeof value === 'number') return String(value);
  return /^[A-Za-z][A-Za-z0-9_:./#-]*$|^[0-9]+[smhd]$/.test(value) && !/^(true|false|yes|no|on|off|null)$/i.test(value) && !/:$/.test(value)
    ? value
    : JSON.stringify(value);
}
