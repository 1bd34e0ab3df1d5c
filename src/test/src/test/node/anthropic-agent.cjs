// An agent with two tools by npm's @anthropic-ai/sdk, against WEFT_URL. WEFT_TASKS has what it is asked; exits with 1 at the first check
// that fails.
const assert = require('node:assert');
const Anthropic = require(process.env.WEFT_CLIENT);

const client = new Anthropic({ baseURL: process.env.WEFT_URL, apiKey: 'any', maxRetries: 0 });
const { model, tools, tasks } = JSON.parse(process.env.WEFT_TASKS);
const schemas = tools.map(({ name, properties }) => ({
  name,
  input_schema: { type: 'object', properties, required: ['table'] },
}));

const whole = (body) => client.messages.create(body);
const streamed = (body) => client.messages.stream(body).finalMessage();

async function run(task, ask) {
  const messages = [{ role: 'user', content: task.question }];
  const body = { model, messages, tools: schemas, temperature: 0, max_tokens: 160 };
  const first = await ask(body);
  assert.equal(first.stop_reason, 'tool_use');
  const [call, ...others] = first.content.filter((block) => block.type === 'tool_use');
  assert.deepEqual(others, []);
  assert.equal(call.name, task.tool);
  assert.deepEqual(call.input, task.arguments);
  messages.push(
    { role: 'assistant', content: first.content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: String(task.found) }] },
  );
  const second = await ask(body);
  assert.equal(second.stop_reason, 'end_turn');
  assert.equal(second.content.map((block) => block.text ?? '').join(''), task.answer);
}

async function main() {
  for (const task of tasks) {
    await run(task, whole);
    await run(task, streamed);
  }
}

main().then(
  () => console.log('all checks passed'),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
