// An agent with two tools by npm's openai, against WEFT_URL. WEFT_TASKS has what it is asked; exits with 1 at the first check that fails.
const assert = require('node:assert');
const OpenAI = require(process.env.WEFT_CLIENT);

const client = new OpenAI({ baseURL: process.env.WEFT_URL, apiKey: 'any', maxRetries: 0 });
const { model, tools, tasks } = JSON.parse(process.env.WEFT_TASKS);
const functions = tools.map(({ name, properties }) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties, required: ['table'] } },
}));

async function whole(body) {
  return (await client.chat.completions.create(body)).choices[0];
}

async function streamed(body) {
  return (await client.chat.completions.stream(body).finalChatCompletion()).choices[0];
}

async function run(task, ask) {
  const messages = [{ role: 'user', content: task.question }];
  const body = { model, messages, tools: functions, temperature: 0, max_completion_tokens: 160 };
  const first = await ask(body);
  assert.equal(first.finish_reason, 'tool_calls');
  const [call, ...others] = first.message.tool_calls;
  assert.deepEqual(others, []);
  assert.equal(call.function.name, task.tool);
  assert.deepEqual(JSON.parse(call.function.arguments), task.arguments);
  messages.push(first.message, { role: 'tool', tool_call_id: call.id, content: String(task.found) });
  const second = await ask(body);
  assert.equal(second.finish_reason, 'stop');
  assert.equal(second.message.content, task.answer);
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
