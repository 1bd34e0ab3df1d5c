package dev.weft.inference.server.http.bridge;

import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.grammar.reply.parser.ReplyPart;
import dev.weft.inference.server.answer.ChoiceUpdate;
import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.http.json.ObjectText;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks the calls of one choice. Some engines do not enforce the grammar. Every call must name an
 * allowed tool and have a JSON object as arguments. If one does not, the answer ends with an error,
 * streamed or not. A call that a limit or a stop of the request cuts is not checked. One thread.
 */
final class CallCheck {
    private final Set<String> names;
    private final StringBuilder arguments = new StringBuilder();
    private @Nullable String open;

    /**
     * @param calls those that the reply may have; null for none
     */
    CallCheck(ReplyRule.@Nullable Calls calls) {
        this.names =
                calls == null
                        ? Set.of()
                        : calls.tools().stream()
                                .map(Tool::name)
                                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Checks what is new.
     *
     * @throws ApiException {@code CONSTRAINT_FAILED} if the request does not allow a call
     */
    void accept(ChoiceUpdate update) {
        for (ReplyPart part : update.parts()) {
            switch (part) {
                case ReplyPart.CallBegin(int _, String name) -> {
                    whole();
                    begin(name);
                }
                case ReplyPart.CallArguments(int _, String json) -> arguments.append(json);
                case ReplyPart.Text _, ReplyPart.Thinking _ -> whole();
            }
        }
        if (update.end() != null && !isCut(update)) {
            whole();
        }
    }

    /**
     * Whether a limit or a stop of the request ended the reply within a call; its own end does not.
     */
    private static boolean isCut(ChoiceUpdate update) {
        return update.cut() && (update.end() == EndReason.LENGTH || update.asked());
    }

    private void begin(String name) {
        if (!names.contains(name)) {
            throw fault("The reply calls a tool that the request does not have");
        }
        open = name;
    }

    private void whole() {
        String name = open;
        if (name == null) {
            return;
        }
        if (!ObjectText.isObject(arguments.toString())) {
            throw fault(
                    "The reply calls the tool '"
                            + name
                            + "' with arguments that are not a JSON object");
        }
        open = null;
        arguments.setLength(0);
    }

    private static ApiException fault(String message) {
        return new ApiException(ErrorCode.CONSTRAINT_FAILED, message);
    }
}
