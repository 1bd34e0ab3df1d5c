package dev.weft.inference.server.http.pooling;

import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.server.checkpoint.LabelActivation;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.http.format.AnswerHead;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.json.UnservedFields;
import dev.weft.inference.server.http.request.Serving;
import dev.weft.inference.server.http.request.StreamOptions;
import dev.weft.inference.server.models.ModelTask;
import dev.weft.inference.server.models.ModelTasks;
import dev.weft.inference.server.models.ResolvedModel;
import java.util.List;
import java.util.OptionalInt;

/** The parts by which requests for vectors and scores are read, and how these begin and end. */
record PoolServing(Serving serving) {
    /** A body whose model is known. */
    record Asked(JsonFields fields, ResolvedModel model, ModelTask task, Arrival arrival) {}

    /** The sender of a request, when it came, and how long it may wait for its adapter. */
    record Arrival(Sender sender, CompletionRequest.Timing timing) {}

    ModelTasks tasks() {
        return serving.models().tasks();
    }

    /** A reader of inputs as long as the context. */
    InputReader inputs(JsonFields fields) {
        return inputs(fields, OptionalInt.empty());
    }

    /**
     * A reader of inputs.
     *
     * @param longest most tokens of one; empty for the context's length
     */
    InputReader inputs(JsonFields fields, OptionalInt longest) {
        return new InputReader(fields, serving, longest);
    }

    /** Reads the fields that all of these bodies have; waits for the adapter's files. */
    Asked asked(byte[] body, Sender sender) throws InterruptedException {
        var timing =
                new CompletionRequest.Timing(System.nanoTime(), serving.chats().adapterDeadline());
        JsonFields fields = JsonFields.parse(body);
        ResolvedModel model = serving.models().of(fields, sender.adapter());
        UnservedFields.refuseInPooled(fields);
        return new Asked(
                fields,
                model,
                tasks().of(model, timing.adapterDeadline()),
                new Arrival(sender, timing));
    }

    /** How the answer's document begins. */
    AnswerHead head(String prefix, Asked asked) {
        return serving.answers().head(prefix, asked.model, new StreamOptions(false, false));
    }

    /** The request for a vector of each prompt. */
    CompletionRequest request(
            AnswerHead head, Asked asked, List<List<Integer>> prompts, PooledOutput output) {
        return CompletionRequest.pooled(
                head.id(),
                asked.model.adapter(),
                serving.models().prefixes().owner(asked.arrival.sender.tenant(), asked.model),
                prompts,
                output,
                asked.arrival.timing);
    }

    /**
     * How a classifier's logits become scores for this request.
     *
     * @throws dev.weft.protocol.error.ApiException if it is not served; names config.json's field
     */
    LabelActivation activation(Asked asked) {
        if (!activates(asked.fields, true)) {
            return new LabelActivation(LabelActivation.Kind.LOGITS, "");
        }
        LabelActivation activation = tasks().base().activation();
        LabelScores.require(activation, asked.model);
        return activation;
    }

    /**
     * Whether the model's last step is applied: it scales vectors to a length of 1, and puts labels
     * through a sigmoid or softmax. {@code normalize} is vLLM's older name of the field for
     * vectors.
     */
    static boolean activates(JsonFields fields, boolean otherwise) {
        return fields.flag("use_activation", fields.flag("normalize", otherwise));
    }
}
