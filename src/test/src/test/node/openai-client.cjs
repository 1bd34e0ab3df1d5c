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

main().then(
  () => console.log('all checks passed'),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
