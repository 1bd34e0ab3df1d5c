package dev.weft.inference.server.http.request;

import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.completion.GenerationSettings;
import dev.weft.inference.server.constraint.HeldReply;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.http.dialect.ChatBody;
import dev.weft.inference.server.http.dialect.MessagesBody;
import dev.weft.inference.server.http.dialect.ResponsesBody;
import dev.weft.inference.server.http.format.AnswerFormat;
import dev.weft.inference.server.http.format.AnswerHead;
import dev.weft.inference.server.http.format.MessagesFormat;
import dev.weft.inference.server.http.format.RepeatedFields;
import dev.weft.inference.server.http.format.ResponsesFormat;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.json.UnservedFields;
import dev.weft.inference.server.models.ResolvedModel;
import dev.weft.inference.server.prompt.ChatProfile;
import dev.weft.inference.server.prompt.Conversation;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads chats, whichever interface they come by: checks the fields, renders and tokenises the chat,
 * and checks its length against the context. Blocks if an adapter's files must be fetched: call it
 * on a virtual thread. It checks every field before it waits for anything.
 */
public record ChatRequests(Serving serving) {
    /** The request as its fields say it, before the adapter is looked at. */
    private record Asked(
            JsonFields fields,
            ResolvedModel model,
            Conversation conversation,
            Amounts amounts,
            StreamOptions stream,
            AskedReply reply) {}

    /**
     * The amounts that a request asks for.
     *
     * @param maxTokens null if there is no bound but the context's
     * @param top log-probabilities beside each token's own; -1 for none at all
     */
    private record Amounts(int choices, @Nullable Integer maxTokens, int top) {}

    /** Makes the format of an answer. */
    private interface FormatMaker {
        AnswerFormat make(AnswerHead head, Asked asked, ChatProfile profile, int promptTokens);
    }

    /** How an interface reads chats and answers. */
    private record InterfaceStyle(
            String idPrefix, Chats.SystemMessages system, FormatMaker format) {
        /** The style of an interface that has a place for the system's text beside the messages. */
        static InterfaceStyle withSystem(String idPrefix, FormatMaker format) {
            return new InterfaceStyle(idPrefix, Chats.SystemMessages.FIRST_IF_NEEDED, format);
        }
    }

    /** A body of {@code /v1/chat/completions}. */
    public Prepared chat(byte[] body, Sender sender, RequestMemory memory)
            throws InterruptedException {
        FormatMaker format =
                (head, asked, profile, _) ->
                        serving.answers()
                                .chat(
                                        head,
                                        asked.amounts.choices,
                                        asked.amounts.top,
                                        profile.replies().calls());
        return read(
                JsonFields.parse(body),
                new InterfaceStyle("chatcmpl-", Chats.SystemMessages.AS_THEY_ARE, format),
                sender,
                memory);
    }

    /** A body of {@code /v1/messages}. */
    public Prepared message(byte[] body, Sender sender, RequestMemory memory)
            throws InterruptedException {
        JsonFields fields = JsonFields.parse(body);
        ChatBody chat = MessagesBody.read(fields);
        if (!serving.constraints().reader().served()) {
            refuseStrict(fields);
        }
        boolean thoughts = MessagesBody.tellsThoughts(fields);
        FormatMaker format =
                (head, asked, profile, tokens) ->
                        new MessagesFormat(
                                head, tokens, thoughts, Answers.callIds(profile.replies().calls()));
        return read(chat, InterfaceStyle.withSystem("msg_", format), sender, memory);
    }

    /**
     * Refuses strict tools. The chat that is made of the body has none, since Anthropic's allow
     * other schemas than OpenAI's.
     */
    private static void refuseStrict(JsonFields fields) {
        if (fields.object().at("/tool_choice/type").asString("").equals("none")) {
            return;
        }
        int index = 0;
        for (JsonNode tool : fields.object().path("tools")) {
            if (tool.path("strict").booleanValue(false)) {
                throw new JsonFields(tool, "tools[" + index + "].")
                        .unsupported("strict", "false" + AskedReply.NOT_HELD);
            }
            index++;
        }
    }

    /** A body of {@code /v1/responses}. */
    public Prepared response(byte[] body, Sender sender, RequestMemory memory)
            throws InterruptedException {
        JsonFields fields = JsonFields.parse(body);
        RepeatedFields repeated = RepeatedFields.of(fields);
        FormatMaker format =
                (head, asked, profile, _) ->
                        new ResponsesFormat(
                                head,
                                repeated,
                                asked.reply.thoughts(),
                                Answers.callIds(profile.replies().calls()));
        return read(
                ResponsesBody.read(fields),
                InterfaceStyle.withSystem("resp_", format),
                sender,
                memory);
    }

    private Prepared read(ChatBody chat, InterfaceStyle style, Sender sender, RequestMemory memory)
            throws InterruptedException {
        try {
            return read(chat.fields(), style, sender, memory);
        } catch (ApiException e) {
            throw chat.renamed(e);
        }
    }

    private Prepared read(
            JsonFields fields, InterfaceStyle style, Sender sender, RequestMemory memory)
            throws InterruptedException {
        long arrived = System.nanoTime();
        Asked asked = asked(fields, sender);
        Deadline deadline = serving.chats().adapterDeadline();
        serving.models().tasks().requireText(asked.model, deadline);
        ChatProfile profile = serving.chats().profiles().of(asked.model.adapter(), deadline);
        String text =
                serving.chats().render(profile, asked.conversation, style.system, sender, memory);
        List<Integer> tokens = serving.encoder().prompt(text, false, "messages");
        int most = serving.encoder().budget().forMessages(tokens.size(), asked.amounts.maxTokens);
        GenerationSettings how =
                serving.settings().read(asked.fields, profile.endTokens(), asked.amounts.top);
        ReplyRule rule = asked.reply.rule(profile.replies(), text, asked.conversation.begun());
        how = how.with(asked.reply.reading(rule, profile.replies(), how.reading()));
        HeldReply held = asked.reply.held(rule, serving.constraints().reader().served());
        how = held == null ? how : serving.constraints().held(held, how, profile, sender);
        AnswerHead head = serving.answers().head(style.idPrefix, asked.model, asked.stream);
        return new Prepared(
                asked.model,
                new CompletionRequest(
                        head.id(),
                        asked.model.adapter(),
                        serving.models().prefixes().owner(sender.tenant(), asked.model),
                        new CompletionRequest.Choices(
                                List.of(Serving.prompt(tokens, most, how)), asked.amounts.choices),
                        how,
                        new CompletionRequest.Timing(arrived, deadline)),
                style.format.make(head, asked, profile, tokens.size()),
                asked.stream);
    }

    private Asked asked(JsonFields fields, Sender sender) {
        ResolvedModel model = serving.models().of(fields, sender.adapter());
        UnservedFields.refuseInChat(fields);
        Integer newer = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        Integer older = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
        int top = top(fields);
        serving.settings().read(fields, List.of(), top);
        AskedReply reply = AskedReply.read(fields, serving.constraints().reader());
        Conversation conversation = ConversationReader.read(fields, reply.tools());
        reply.checkEnding(fields, conversation.ending());
        return new Asked(
                fields,
                model,
                conversation,
                new Amounts(serving.choices(fields, 1), newer == null ? older : newer, top),
                StreamOptions.read(fields),
                reply);
    }

    private static int top(JsonFields fields) {
        Integer top = fields.integer("top_logprobs", 0, Serving.MOST_TOP);
        boolean wanted = fields.flag("logprobs", false);
        if (top != null && top > 0 && !wanted) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "Invalid value for 'top_logprobs': "
                            + top
                            + "; allowed: only with \"logprobs\": true",
                    "top_logprobs");
        }
        return wanted ? (top == null ? 0 : top) : -1;
    }
}
