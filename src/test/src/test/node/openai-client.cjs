// What a user of npm's openai does, against WEFT_URL. Exits with 1 at the first check that fails.
const assert = require('node:assert');
const OpenAI = require(process.env.WEFT_CLIENT);

const { WEFT_URL: baseURL, WEFT_PROMPT: content, WEFT_EXPECTED: expected } = process.env;
const client = new OpenAI({ baseURL, apiKey: 'any', maxRetries: 0 });
const request = {
  model: 'sql',
  messages: [{ role: 'user', content }],
  temperature: 0,
  max_completion_tokens: 160,
};

async function main() {
  const models = [];
  for await (const model of client.models.list()) models.push(model.id);
  for (const name of ['weft-tiny', 'sql', 'json', 'french']) assert.ok(models.includes(name), name);
  assert.equal((await client.models.retrieve('sql')).parent, 'weft-tiny');

  const answer = await client.chat.completions.create(request);
  assert.equal(answer.choices[0].message.content, expected);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.equal(answer.model, 'sql');

  const stream = await client.chat.completions.create({
    ...request,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  let usage;
  let chunks = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
    usage = chunk.usage ?? usage;
    chunks += 1;
  }
  assert.equal(text, expected);
  assert.ok(chunks > 5);
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);

  const logs = await client.chat.completions.create({ ...request, logprobs: true, top_logprobs: 2 });
  for (const token of logs.choices[0].logprobs.content) {
    assert.equal(token.top_logprobs.length, 2);
    assert.ok(token.logprob <= 0);
  }

  await assert.rejects(client.chat.completions.create({ ...request, model: 'nope' }), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError);
    assert.equal(error.code, 'model_not_found');
    assert.equal(error.param, 'model');
    return true;
  });
  await assert.rejects(client.chat.completions.create({ ...request, top_p: 7 }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.param, 'top_p');
    return true;
  });

  const cancelled = await client.chat.completions.create({ ...request, stream: true });
  for await (const chunk of cancelled) {
    assert.ok(chunk.id);
    break; // leaves the stream: the client aborts the request
  }
}

const parameters = {
  type: 'object',
  properties: { city: { enum: ['Ulm', 'Rom'] }, day: { enum: ['today', 'tomorrow'] } },
  required: ['city', 'day'],
  additionalProperties: false,
};

function checkCall(name, text) {
  assert.equal(name, 'get_weather');
  const call = JSON.parse(text);
  assert.ok(parameters.properties.city.enum.includes(call.city), text);
  assert.ok(parameters.properties.day.enum.includes(call.day), text);
}

async function tools() {
  const asked = {
    ...request,
    tools: [{ type: 'function', function: { name: 'get_weather', parameters, strict: true } }],
    tool_choice: 'required',
    parallel_tool_calls: false,
  };
  const answer = await client.chat.completions.create(asked);
  assert.equal(answer.choices[0].finish_reason, 'tool_calls');
  const [call] = answer.choices[0].message.tool_calls;
  checkCall(call.function.name, call.function.arguments);

  // the client puts the pieces of a call together itself
  const runner = client.chat.completions.stream(asked);
  const streamed = (await runner.finalChatCompletion()).choices[0].message.tool_calls;
  assert.equal(streamed.length, 1);
  checkCall(streamed[0].function.name, streamed[0].function.arguments);

  const second = await client.chat.completions.create({
    ...request,
    tools: asked.tools,
    tool_choice: 'none',
    messages: [
      ...request.messages,
      answer.choices[0].message,
      { role: 'tool', tool_call_id: call.id, content: 'sunny' },
    ],
  });
  assert.equal(second.choices[0].message.tool_calls, undefined);
}

async function responses() {
  const asked = {
    model: 'sql',
    input: content,
    temperature: 0,
    max_output_tokens: 160,
    tools: [{ type: 'function', name: 'get_weather', parameters, strict: true }],
    tool_choice: 'required',
    parallel_tool_calls: false,
  };
  const plain = await client.responses.create({ ...asked, tools: undefined, tool_choice: undefined });
  assert.equal(plain.output_text, expected);
  assert.equal(plain.status, 'completed');

  const called = await client.responses.create(asked);
  const item = called.output.find((one) => one.type === 'function_call');
  checkCall(item.name, item.arguments);

  const runner = client.responses.stream(asked);
  let deltas = '';
  runner.on('response.function_call_arguments.delta', (event) => {
    deltas += event.delta;
  });
  const final = await runner.finalResponse();
  const last = final.output.find((one) => one.type === 'function_call');
  checkCall(last.name, last.arguments);
  assert.equal(deltas, last.arguments);

  await assert.rejects(client.responses.create({ ...asked, background: true }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.param, 'background');
    return true;
  });
}

main().then(tools).then(responses).then(
  () => console.log('all checks passed'),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
