package dev.weft.inference.server.http.request;

import dev.weft.inference.server.http.body.BoundedBody;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.http.dialect.ChatBody;
import dev.weft.inference.server.http.dialect.MessagesBody;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.json.UnservedFields;
import dev.weft.inference.server.models.ResolvedModel;
import dev.weft.inference.server.prompt.ChatProfile;
import dev.weft.inference.server.prompt.Conversation;
import dev.weft.protocol.error.ApiException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads and answers bodies of {@code /tokenize} and {@code /detokenize}; may block, see {@link
 * ChatRequests}.
 */
public record TokenizeRequests(Serving serving) {
    /** Memory for each byte of a text: in the native library, in the JVM, and in between. */
    private static final int TEXT_BYTES = 6;

    private static final String FORMS = "a string, or messages instead";

    /** The tokens that a request with this prompt or chat would have. */
    public List<Integer> tokenize(byte[] body, @Nullable String adapterHeader, RequestMemory memory)
            throws InterruptedException {
        JsonFields fields = JsonFields.parse(body);
        ResolvedModel model = model(fields, adapterHeader);
        UnservedFields.refuseInTokens(fields);
        if (!fields.has("messages")) {
            JsonNode prompt = fields.required("prompt", FORMS);
            if (!prompt.isString()) {
                throw fields.invalid("prompt", prompt, FORMS);
            }
            if (fields.flag(EndingReader.CONTINUES, false)) {
                throw fields.unsupported(EndingReader.CONTINUES, "false, or messages instead");
            }
            boolean special = fields.flag("add_special_tokens", true);
            return serving.encoder().encode(prompt.stringValue(), special, "prompt");
        }
        return messages(fields, model, Chats.SystemMessages.AS_THEY_ARE, memory);
    }

    private List<Integer> messages(
            JsonFields fields,
            ResolvedModel model,
            Chats.SystemMessages system,
            RequestMemory memory)
            throws InterruptedException {
        Conversation conversation = ConversationReader.read(fields);
        boolean special = fields.flag("add_special_tokens", false);
        ChatProfile profile =
                serving.chats().profiles().of(model.adapter(), serving.chats().adapterDeadline());
        return serving.encoder()
                .encode(
                        serving.chats().render(profile, conversation, system, model, memory),
                        special,
                        "messages");
    }

    /** Tokens of the prompt that a body of {@code /v1/messages/count_tokens} makes. */
    public int counted(byte[] body, @Nullable String adapterHeader, RequestMemory memory)
            throws InterruptedException {
        ChatBody chat = MessagesBody.counted(JsonFields.parse(body));
        try {
            ResolvedModel model = serving.models().of(chat.fields(), adapterHeader);
            return messages(chat.fields(), model, Chats.SystemMessages.FIRST_IF_NEEDED, memory)
                    .size();
        } catch (ApiException e) {
            throw chat.renamed(e);
        }
    }

    /**
     * The tokens' text, special ones included. A token may add far more bytes than its id has in
     * the body.
     */
    public String detokenize(byte[] body, @Nullable String adapterHeader, RequestMemory memory) {
        JsonFields fields = JsonFields.parse(body);
        model(fields, adapterHeader);
        JsonNode asked = fields.required("tokens", "a list of token ids");
        List<Integer> tokens = fields.tokens("tokens", serving.settings().vocabulary());
        long length = serving.answers().length(tokens);
        if (length > BoundedBody.MOST_BYTES) {
            throw fields.invalid(
                    "tokens",
                    asked,
                    "tokens of at most "
                            + BoundedBody.MOST_BYTES
                            + " bytes of text; these have "
                            + length);
        }
        memory.take(TEXT_BYTES * length);
        return serving.answers().text(tokens);
    }

    /** The model; as in vLLM it may be left out here, which means the base. */
    private ResolvedModel model(JsonFields fields, @Nullable String adapterHeader) {
        return fields.has("model")
                ? serving.models().of(fields, adapterHeader)
                : new ResolvedModel("", null);
    }
}
