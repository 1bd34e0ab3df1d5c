package dev.weft.system.chaos;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Clients that ask all models of the sample held-out prompts, whatever happens to the fleet, and
 * hold each answer against the reference. A client whose gateway is gone asks another.
 */
final class ChaosLoad implements AutoCloseable {
    private static final int CLIENTS = 6;
    private static final String DONE = "data: [DONE]\n\n";

    /** How a request ended. */
    enum End {
        /** The reference's answer, whole. */
        RIGHT,
        /** An error of OpenAI's form whose status says that the server is to blame. */
        ERROR,
        /** A beginning of the reference's answer, then an error event. */
        ERROR_EVENT,
        /** The connection broke, of a gateway that was killed. */
        CUT,
        /** Anything else. */
        WRONG
    }

    private record Question(String model, Sample.Prompt prompt, boolean stream) {
        String answer() {
            return prompt.of(model).answer();
        }
    }

    /**
     * A request that has ended.
     *
     * @param begun, ended in nanoseconds
     * @param what the answer, if it was wrong
     */
    record Ended(End end, URI gateway, long begun, long ended, String what) {}

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(20))
                    .build();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final List<URI> gateways = new CopyOnWriteArrayList<>();
    private final List<URI> killed = new CopyOnWriteArrayList<>();
    private final List<Question> questions = new ArrayList<>();
    private volatile boolean over;

    /** Begins. */
    ChaosLoad(List<URI> gateways) {
        this.gateways.addAll(gateways);
        for (Sample.Prompt prompt : Sample.heldOut().counted().subList(0, 40)) {
            for (String model : Sample.MODELS) {
                if (!prompt.of(model).close()) {
                    questions.add(new Question(model, prompt, questions.size() % 2 == 0));
                }
            }
        }
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(i);
            clients.execute(() -> ask(random));
        }
    }

    private void ask(Random random) {
        while (!over) {
            URI gateway = gateways.get(random.nextInt(gateways.size()));
            Question question = questions.get(random.nextInt(questions.size()));
            long begun = System.nanoTime();
            Ended result = ask(gateway, question, begun);
            ended.add(result);
        }
    }

    private Ended ask(URI gateway, Question question, long begun) {
        End end;
        String what = "";
        try {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(gateway.resolve("/v1/chat/completions"))
                                    .header("Content-Type", "application/json")
                                    // shorter than the gateway's longest wait for a worker
                                    .timeout(Duration.ofSeconds(100))
                                    .POST(HttpRequest.BodyPublishers.ofString(body(question)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            what = answer.statusCode() + " " + answer.body();
            end = end(question, answer.statusCode(), answer.body());
        } catch (IOException e) {
            what = e.toString();
            end = killed.contains(gateway) ? End.CUT : End.WRONG;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            what = "it has no end";
            end = End.WRONG;
        }
        return new Ended(
                end,
                gateway,
                begun,
                System.nanoTime(),
                end == End.WRONG ? question + ": " + what : "");
    }

    private static String body(Question question) {
        ObjectNode body = Http.JSON.createObjectNode();
        body.put("model", question.model).put("stream", question.stream);
        body.put("temperature", 0).put("max_completion_tokens", 160);
        body.putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", question.prompt.text());
        return body.toString();
    }

    private static End end(Question question, int status, String body) {
        try {
            if (status != 200) {
                boolean says = !Http.JSON.readTree(body).at("/error/code").asString("").isEmpty();
                return status >= 500 && says ? End.ERROR : End.WRONG;
            }
            if (!question.stream) {
                String answer =
                        Http.JSON.readTree(body).at("/choices/0/message/content").asString("");
                return answer.equals(question.answer()) ? End.RIGHT : End.WRONG;
            }
            return streamed(question.answer(), body);
        } catch (JacksonException e) {
            return End.WRONG;
        }
    }

    private static End streamed(String right, String body) {
        StringBuilder text = new StringBuilder();
        boolean failed = false;
        for (String event : body.split("\n\n", -1)) {
            failed |= event.startsWith("event: error");
            int data = event.indexOf("data: {");
            if (data == 0) {
                JsonNode choice = Http.JSON.readTree(event.substring(6)).at("/choices/0/delta");
                text.append(choice.path("content").asString(""));
            }
        }
        if (failed) {
            boolean done = body.contains(DONE);
            return !done && right.startsWith(text.toString()) ? End.ERROR_EVENT : End.WRONG;
        }
        return body.endsWith(DONE) && right.contentEquals(text) ? End.RIGHT : End.WRONG;
    }

    /** From now on its connections may break, and no client asks it. */
    void loses(URI gateway) {
        killed.add(gateway);
        gateways.remove(gateway);
    }

    /** Clients ask that one, too. */
    void has(URI gateway) {
        gateways.add(gateway);
    }

    long count(End end) {
        return ended.stream().filter(each -> each.end == end).count();
    }

    /** Right answers to requests that began after that time. */
    long answersSince(long time) {
        return ended.stream().filter(each -> each.end == End.RIGHT && each.begun > time).count();
    }

    /** Right answers of a gateway. */
    long answers(URI gateway) {
        return ended.stream()
                .filter(each -> each.end == End.RIGHT && each.gateway.equals(gateway))
                .count();
    }

    /** Those that have ended. */
    List<Ended> ended() {
        return List.copyOf(ended);
    }

    /** Stops to ask, and waits for the answers that are missing. */
    void end() {
        over = true;
        clients.close();
    }

    @Override
    public void close() {
        end();
        client.close();
    }
}
