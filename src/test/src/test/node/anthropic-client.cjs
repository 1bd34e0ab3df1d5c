// What a user of npm's @anthropic-ai/sdk does, against WEFT_URL. Exits with 1 at the first check that fails.
const assert = require('node:assert');
const Anthropic = require(process.env.WEFT_CLIENT);

const { WEFT_URL: baseURL, WEFT_PROMPT: content, WEFT_EXPECTED: expected } = process.env;
const client = new Anthropic({ baseURL, apiKey: 'any', maxRetries: 0 });
const request = {
  model: 'sql',
  messages: [{ role: 'user', content }],
  temperature: 0,
  max_tokens: 160,
};
const input_schema = {
  type: 'object',
  properties: { city: { enum: ['Ulm', 'Rom'] }, day: { enum: ['today', 'tomorrow'] } },
  required: ['city', 'day'],
  additionalProperties: false,
};

function checkCall(block) {
  assert.equal(block.type, 'tool_use');
  assert.equal(block.name, 'get_weather');
  assert.ok(input_schema.properties.city.enum.includes(block.input.city), JSON.stringify(block));
  assert.ok(input_schema.properties.day.enum.includes(block.input.day), JSON.stringify(block));
}

async function text() {
  const answer = await client.messages.create(request);
  assert.equal(answer.content[0].text, expected);
  assert.equal(answer.stop_reason, 'end_turn');
  assert.equal(answer.model, 'sql');

  const counted = await client.messages.countTokens({ model: 'sql', messages: request.messages });
  const usage = answer.usage;
  assert.equal(counted.input_tokens, usage.input_tokens + usage.cache_read_input_tokens);

  const runner = client.messages.stream(request);
  assert.equal(await runner.finalText(), expected);
  assert.equal((await runner.finalMessage()).usage.output_tokens, usage.output_tokens);
}

async function tools() {
  const asked = {
    ...request,
    tools: [{ name: 'get_weather', input_schema }],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
  };
  const answer = await client.messages.create(asked);
  assert.equal(answer.stop_reason, 'tool_use');
  checkCall(answer.content.at(-1));

  const streamed = await client.messages.stream(asked).finalMessage();
  assert.equal(streamed.stop_reason, 'tool_use');
  checkCall(streamed.content.at(-1));

  const second = await client.messages.create({
    ...request,
    tools: asked.tools,
    tool_choice: { type: 'none' },
    messages: [
      ...request.messages,
      { role: 'assistant', content: answer.content },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: answer.content.at(-1).id, content: 'sunny' }],
      },
    ],
  });
  assert.notEqual(second.stop_reason, 'tool_use');
}

async function errors() {
  await assert.rejects(client.messages.create({ ...request, model: 'nope' }), (error) => {
    assert.ok(error instanceof Anthropic.NotFoundError);
    assert.equal(error.error.error.type, 'not_found_error');
    return true;
  });
  await assert.rejects(client.messages.create({ ...request, top_p: 7 }), (error) => {
    assert.ok(error instanceof Anthropic.BadRequestError);
    assert.match(error.message, /top_p/);
    return true;
  });
}

text()
  .then(tools)
  .then(errors)
  .then(
    () => console.log('all checks passed'),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
