package dev.weft.grammar.reply.format;

import dev.weft.grammar.reply.format.CallSyntax.Arguments;
import dev.weft.grammar.reply.format.CallSyntax.Call;
import dev.weft.grammar.reply.format.CallSyntax.Placement;
import dev.weft.grammar.reply.format.CallSyntax.Section;
import java.util.List;
import java.util.Optional;

/** The formats that are known, as the chat templates of their models write calls. */
public final class CallSyntaxes {
    private static final Phrase NOTHING = new Phrase("");
    private static final Arguments JSON = new Arguments.Json();
    private static final Section ALONE = new Section(NOTHING, NOTHING, NOTHING);

    /** A call as an object with name and arguments. */
    private static final Call OBJECT = object("", "arguments", "");

    /** Hermes 2 and 3, Qwen 2.5 and 3, Granite 4, SmolLM3. */
    public static final CallSyntax HERMES =
            new CallSyntax(
                    "hermes",
                    Placement.ANYWHERE,
                    ALONE,
                    object("<tool_call> ", "arguments", " </tool_call>"));

    private static final CallSyntax QWEN3_CODER =
            new CallSyntax(
                    "qwen3_coder",
                    Placement.ANYWHERE,
                    ALONE,
                    new Call(
                            new Phrase("<tool_call> <function="),
                            new Phrase(">"),
                            new Arguments.Named(
                                    new Phrase(" <parameter="),
                                    new Phrase(">\n"),
                                    new Phrase("\n</parameter>"),
                                    NOTHING,
                                    true,
                                    false),
                            new Phrase(" </function> </tool_call>")));

    private static final CallSyntax LLAMA3_JSON =
            new CallSyntax(
                    "llama3_json",
                    Placement.START,
                    new Section(new Phrase("<|python_tag|>"), new Phrase(" ;"), NOTHING),
                    object("", "parameters", ""));

    private static final CallSyntax PYTHONIC =
            new CallSyntax(
                    "pythonic",
                    Placement.START,
                    new Section(new Phrase("["), new Phrase(" ,"), new Phrase(" ]")),
                    new Call(
                            NOTHING,
                            new Phrase("("),
                            new Arguments.Named(
                                    NOTHING,
                                    new Phrase(" ="),
                                    NOTHING,
                                    new Phrase(" ,"),
                                    false,
                                    true),
                            new Phrase(" )")));

    /** Mistral up to version 7 of its tokenizer. */
    private static final CallSyntax MISTRAL = list("mistral", "[TOOL_CALLS] [", "]");

    /** Mistral from version 11 of its tokenizer on. */
    private static final CallSyntax MISTRAL_ARGS =
            new CallSyntax(
                    "mistral_v11",
                    Placement.ANYWHERE,
                    ALONE,
                    new Call(new Phrase("[TOOL_CALLS]"), new Phrase("[ARGS]"), JSON, NOTHING));

    /** Granite 3.0 and 3.3. */
    private static final CallSyntax GRANITE = list("granite", "<|tool_call|> [", "]");

    /** Granite 3.1. */
    private static final CallSyntax GRANITE_TAG = list("granite_tag", "<tool_call> [", "]");

    private static final CallSyntax PHI4_MINI = list("phi4_mini", "functools[", "]");

    /** Phi 4 mini as its template writes earlier calls. */
    private static final CallSyntax PHI4_MINI_TAG =
            list("phi4_mini_tag", "<|tool_call|> [", "] <|/tool_call|>");

    private static final CallSyntax DEEPSEEK_V3 =
            new CallSyntax(
                    "deepseek_v3",
                    Placement.ANYWHERE,
                    deepseek(),
                    new Call(
                            new Phrase("<｜tool▁call▁begin｜>function<｜tool▁sep｜>"),
                            new Phrase("\n```json\n"),
                            JSON,
                            new Phrase("\n```<｜tool▁call▁end｜>")));

    private static final CallSyntax DEEPSEEK_V31 =
            new CallSyntax(
                    "deepseek_v31",
                    Placement.ANYWHERE,
                    deepseek(),
                    new Call(
                            new Phrase("<｜tool▁call▁begin｜>"),
                            new Phrase("<｜tool▁sep｜>"),
                            JSON,
                            new Phrase(" <｜tool▁call▁end｜>")));

    /** All syntaxes; if two read the same reply, the first counts. */
    public static final List<CallSyntax> ALL =
            List.of(
                    HERMES,
                    QWEN3_CODER,
                    MISTRAL,
                    MISTRAL_ARGS,
                    PHI4_MINI_TAG,
                    GRANITE,
                    GRANITE_TAG,
                    PHI4_MINI,
                    DEEPSEEK_V3,
                    DEEPSEEK_V31,
                    LLAMA3_JSON,
                    PYTHONIC);

    private CallSyntaxes() {}

    /** The format that has a name; empty if there is none. */
    public static Optional<CallSyntax> named(String name) {
        return ALL.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    private static Call object(String before, String arguments, String behind) {
        return new Call(
                new Phrase(before + "{ \"name\" : \""),
                new Phrase("\" , \"" + arguments + "\" :"),
                JSON,
                new Phrase(" }" + behind));
    }

    private static CallSyntax list(String name, String open, String close) {
        return new CallSyntax(
                name,
                Placement.ANYWHERE,
                new Section(new Phrase(open), new Phrase(" ,"), new Phrase(" " + close)),
                OBJECT);
    }

    private static Section deepseek() {
        return new Section(
                new Phrase("<｜tool▁calls▁begin｜>"), NOTHING, new Phrase(" <｜tool▁calls▁end｜>"));
    }
}
