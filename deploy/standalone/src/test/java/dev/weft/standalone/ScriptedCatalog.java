package dev.weft.standalone;

import dev.weft.standalone.FakeHttp.Answer;
import dev.weft.standalone.FakeHttp.Request;
import java.net.URI;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.IntStream;

/** The admin API with versions that it knows, and some whose states come from a script. */
public final class ScriptedCatalog implements AutoCloseable {
    /** A version that was removed. */
    public static final String GONE = "{gone";

    private static final String NAMES = "/admin/v1/adapters";
    private static final String VERSIONS = "/admin/v1/versions/";

    /** What is registered has the last of a name's ten ids. */
    private static final int REGISTRATION = 9;

    private final Map<String, Deque<String>> scripts = new ConcurrentHashMap<>();
    private final Map<String, List<String>> known = new ConcurrentHashMap<>();
    private final Set<String> registered = ConcurrentHashMap.newKeySet();
    private final FakeHttp http = new FakeHttp(this::answer);

    /** Adds a known name with its versions, the newest first. */
    public void knows(String name, String... versions) {
        known.put(name, List.of(versions));
    }

    /** Sets the states of a name after its registration, one for each request. */
    public void script(String name, String... versions) {
        scripts.put(name, new ConcurrentLinkedDeque<>(List.of(versions)));
    }

    /** A version as the admin API shows it. */
    public static String version(String state, String source, String repo) {
        return """
        {"state":"%s","digest":null,"reasons":[],"rank":8,"modules":["q_proj"],
         "source":"%s","repo":"%s","revision":null}\
        """
                .formatted(state, source, repo);
    }

    private Answer answer(Request request) {
        if (request.line().equals("POST " + NAMES)) {
            String name = request.body().replaceAll(".*\"name\":\"([^\"]*)\".*", "$1");
            registered.add(name);
            known.putIfAbsent(name, List.of());
            return Answer.json(202, "{\"id\":" + id(name, REGISTRATION) + "}");
        }
        if (request.line().startsWith("GET " + VERSIONS)) {
            long id = Long.parseLong(request.line().substring(("GET " + VERSIONS).length()));
            return answer(
                    known.keySet().stream()
                            .flatMap(name -> versions(name).stream())
                            .filter(version ->
                                    version.startsWith("{\"id\":" + id + ",")
                                            && !version.endsWith(",gone"))
                            .findFirst());
        }
        String name = request.line().substring(("GET " + NAMES + "/").length());
        return answer(
                Optional.of(name)
                        .filter(known::containsKey)
                        .map(_ ->
                                "{\"name\":\"%s\",\"versions\":[%s]}"
                                        .formatted(name, String.join(",", versions(name)))));
    }

    private static Answer answer(Optional<String> json) {
        return json.map(text -> Answer.json(200, text))
                .orElseGet(() -> Answer.json(404, "{\"detail\":\"unknown\"}"));
    }

    /** The versions of a name with their ids, and a step of its script. */
    private List<String> versions(String name) {
        Deque<String> script = scripts.get(name);
        if (script != null && registered.contains(name)) {
            String now = script.size() > 1 ? script.removeFirst() : script.getFirst();
            return List.of(withId(id(name, REGISTRATION), now));
        }
        List<String> all = known.getOrDefault(name, List.of());
        return IntStream.range(0, all.size())
                .mapToObj(i -> withId(id(name, i), all.get(i)))
                .toList();
    }

    private static String withId(long id, String version) {
        return "{\"id\":" + id + "," + version.substring(1);
    }

    private static long id(String name, int index) {
        return Integer.toUnsignedLong(name.hashCode()) * 10 + index;
    }

    /** The bodies of registrations. */
    public List<String> registrations() {
        return http.requests().stream()
                .filter(request -> request.line().startsWith("POST"))
                .map(Request::body)
                .toList();
    }

    public URI address() {
        return http.address();
    }

    @Override
    public void close() {
        http.close();
    }
}
