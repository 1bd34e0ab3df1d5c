package dev.weft.source.object;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.settings.secret.Credentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Google Cloud Storage's JSON API as far as it is used: list with prefix and delimiter, get, media
 * with ranges, upload, delete, and its XML API for uploads in parts. Access is by an OAuth token
 * that it knows, or by tokens that it trades for assertions of a service account (RFC 7523), with
 * all the checks that Google makes.
 */
public final class GcsFake implements StoreServer {
    private static final String TOKEN = "ya29.gcs-hush";
    private static final String EMAIL = "weft@project.iam.gserviceaccount.com";
    private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";
    private static final String XML = "/models/";
    private static final String OBJECTS = "/storage/v1/b/models/o";

    private static final class Stored {
        private final byte[] content;
        private final long generation;

        /** The object came in one piece, so its MD5 is shown. */
        private final boolean whole;

        Stored(byte[] content, long generation, boolean whole) {
            this.content = content.clone();
            this.generation = generation;
            this.whole = whole;
        }
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    private final Map<String, NavigableMap<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
    private final AtomicLong generations = new AtomicLong(1);
    private final HttpServer server;
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final AtomicInteger traded = new AtomicInteger();
    private final boolean ofAccount;
    private final KeyPair key = newKey();
    private volatile int tokenStatus = 200;

    /** A server with a token that is known beforehand. */
    public GcsFake() throws IOException {
        this(false);
    }

    /**
     * A server of either kind.
     *
     * @param ofAccount its tokens are those of a service account
     */
    public GcsFake(boolean ofAccount) throws IOException {
        this.ofAccount = ofAccount;
        if (!ofAccount) {
            tokens.add(TOKEN);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getRawPath();
        Map<String, String> query = query(exchange.getRequestURI());
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        String method = exchange.getRequestMethod();
        if (path.equals("/token") && method.equals("POST")) {
            trade(exchange, new String(body, StandardCharsets.UTF_8));
        } else if (token == null || !tokens.contains(token.replaceFirst("^Bearer ", ""))) {
            answer(exchange, 401, "{\"error\":{\"code\":401,\"message\":\"Invalid Credentials\"}}");
        } else if (path.startsWith("/upload" + OBJECTS) && method.equals("POST")) {
            upload(exchange, query, body);
        } else if (path.equals(OBJECTS)) {
            answer(exchange, 200, list(query));
        } else if (path.startsWith(OBJECTS + "/")) {
            String name =
                    URLDecoder.decode(
                            path.substring(OBJECTS.length() + 1).replace("+", "%2B"),
                            StandardCharsets.UTF_8);
            object(exchange, method, name, "media".equals(query.get("alt")));
        } else if (path.startsWith(XML) && query.containsKey("uploads")) {
            String id = "upload-" + generations.incrementAndGet();
            uploads.put(id, new ConcurrentSkipListMap<>());
            answer(
                    exchange,
                    200,
                    "<InitiateMultipartUploadResult><Bucket>models</Bucket><Key>x</Key><UploadId>"
                            + id
                            + "</UploadId></InitiateMultipartUploadResult>");
        } else if (path.startsWith(XML) && query.containsKey("uploadId")) {
            parts(exchange, method, path.substring(XML.length()), query, body);
        } else {
            answer(exchange, 404, "{\"error\":{\"code\":404}}");
        }
    }

    private void trade(HttpExchange exchange, String form) throws IOException {
        traded.incrementAndGet();
        String wrong = wrong(query(URI.create("/?" + form)));
        if (tokenStatus != 200) {
            answer(exchange, tokenStatus, "{}");
        } else if (wrong != null) {
            answer(
                    exchange,
                    400,
                    "{\"error\":\"invalid_grant\",\"error_description\":\"" + wrong + "\"}");
        } else {
            String token = "ya29.traded-" + traded.get();
            tokens.add(token);
            answer(
                    exchange,
                    200,
                    "{\"access_token\":\""
                            + token
                            + "\",\"expires_in\":3599,\"token_type\":\"Bearer\"}");
        }
    }

    /** Google's objection to an assertion; null for none. */
    private @Nullable String wrong(Map<String, String> form) {
        String assertion = form.getOrDefault("assertion", "");
        String[] parts = assertion.split("\\.", -1);
        if (!"urn:ietf:params:oauth:grant-type:jwt-bearer".equals(form.get("grant_type"))
                || parts.length != 3) {
            return "not a JWT bearer grant";
        }
        Base64.Decoder base64 = Base64.getUrlDecoder();
        JsonNode head = JsonMapper.shared().readTree(base64.decode(parts[0]));
        JsonNode claims = JsonMapper.shared().readTree(base64.decode(parts[1]));
        long lives = claims.path("exp").asLong() - claims.path("iat").asLong();
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            boolean good =
                    head.path("alg").asString().equals("RS256")
                            && head.path("kid").asString().equals("key-1")
                            && claims.path("iss").asString().equals(EMAIL)
                            && claims.path("aud").asString().equals(tokenUri())
                            && claims.path("scope").asString().equals(SCOPE)
                            && lives > 0
                            && lives <= 3600;
            return !signature.verify(base64.decode(parts[2]))
                    ? "Invalid JWT Signature."
                    : good ? null : "Invalid JWT: " + claims;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sets the status of the token address from now on. */
    void answerTokens(int status) {
        tokenStatus = status;
    }

    /** How often a token was asked for. */
    int traded() {
        return traded.get();
    }

    /** A key as Google hands it out. */
    String key(KeyPair pair) {
        String pem =
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n";
        return JsonMapper.shared()
                .writeValueAsString(
                        Map.of(
                                "type",
                                "service_account",
                                "project_id",
                                "weft",
                                "private_key_id",
                                "key-1",
                                "private_key",
                                pem,
                                "client_email",
                                EMAIL,
                                "token_uri",
                                tokenUri()));
    }

    KeyPair key() {
        return key;
    }

    static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String tokenUri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    private void object(HttpExchange exchange, String method, String name, boolean media)
            throws IOException {
        Stored stored = objects.get(name);
        if (stored == null) {
            answer(exchange, 404, "{\"error\":{\"code\":404,\"message\":\"No such object\"}}");
        } else if (method.equals("DELETE")) {
            objects.remove(name);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        } else if (media) {
            media(exchange, stored);
        } else {
            answer(exchange, 200, json(name, stored));
        }
    }

    private static void media(HttpExchange exchange, Stored stored) throws IOException {
        byte[] content = stored.content;
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = 0;
        int end = content.length;
        if (range != null) {
            String[] ends = range.replace("bytes=", "").split("-", -1);
            from = Integer.parseInt(ends[0]);
            end = ends[1].isEmpty() ? end : Math.min(end, Integer.parseInt(ends[1]) + 1);
            exchange.getResponseHeaders()
                    .set(
                            "Content-Range",
                            "bytes %d-%d/%d".formatted(from, end - 1, content.length));
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, end - from);
        exchange.getResponseBody().write(content, from, end - from);
        exchange.close();
    }

    /** Handles a part of an upload, or its end. An object of parts has no MD5. */
    private void parts(
            HttpExchange exchange,
            String method,
            String path,
            Map<String, String> query,
            byte[] body)
            throws IOException {
        NavigableMap<Integer, byte[]> parts = uploads.get(query.get("uploadId"));
        if (parts == null) {
            answer(exchange, 404, "<Error><Code>NoSuchUpload</Code></Error>");
        } else if (method.equals("PUT")) {
            parts.put(Integer.parseInt(query.getOrDefault("partNumber", "")), body);
            exchange.getResponseHeaders().set("ETag", "\"" + md5(body) + "\"");
            answer(exchange, 200, "");
        } else {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            parts.values().forEach(whole::writeBytes);
            String name = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
            objects.put(
                    name, new Stored(whole.toByteArray(), generations.incrementAndGet(), false));
            answer(
                    exchange,
                    200,
                    "<CompleteMultipartUploadResult><ETag>\"1\"</ETag>"
                            + "</CompleteMultipartUploadResult>");
        }
    }

    /** Handles {@code uploadType=media}, or multipart with the metadata first. */
    private void upload(HttpExchange exchange, Map<String, String> query, byte[] body)
            throws IOException {
        byte[] content = body;
        String name = query.getOrDefault("name", "");
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (type.startsWith("multipart/")) {
            String boundary = "--" + type.replaceAll(".*boundary=\"?([^\";]+).*", "$1");
            String text = new String(body, StandardCharsets.ISO_8859_1);
            int second = text.indexOf(boundary, boundary.length());
            int from = text.indexOf("\r\n\r\n", second) + 4;
            int to = text.lastIndexOf("\r\n" + boundary);
            content = Arrays.copyOfRange(body, from, to);
        }
        Stored stored = new Stored(content, generations.incrementAndGet(), true);
        objects.put(name, stored);
        answer(exchange, 200, json(name, stored));
    }

    private String list(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String delimiter = query.getOrDefault("delimiter", "");
        TreeSet<String> folders = new TreeSet<>();
        Map<String, Stored> items = new TreeMap<>();
        objects.forEach((name, stored) -> {
            if (name.startsWith(prefix)) {
                int slash = delimiter.isEmpty() ? -1 : name.indexOf(delimiter, prefix.length());
                if (slash < 0) {
                    items.put(name, stored);
                } else {
                    folders.add(name.substring(0, slash + 1));
                }
            }
        });
        return "{\"kind\":\"storage#objects\",\"prefixes\":["
                + folders.stream().map(f -> "\"" + f + "\"").collect(Collectors.joining(","))
                + "],\"items\":["
                + items.entrySet().stream()
                        .map(e -> json(e.getKey(), e.getValue()))
                        .collect(Collectors.joining(","))
                + "]}";
    }

    private static String json(String name, Stored stored) {
        return """
        {"kind":"storage#object","name":"%s","bucket":"models","size":"%d","etag":"CK%d=",\
        %s"generation":"%d","contentType":"application/octet-stream",\
        "updated":"2026-11-24T00:00:00.000Z"}\
        """
                .formatted(
                        name,
                        stored.content.length,
                        stored.generation,
                        stored.whole ? "\"md5Hash\":\"" + md5(stored.content) + "\"," : "",
                        stored.generation);
    }

    private static String md5(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(content);
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> values = new TreeMap<>();
        String raw = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (String pair : raw.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            values.put(
                    parts[0],
                    parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return values;
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(json.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.size());
        exchange.getResponseBody().write(bytes.toByteArray());
        exchange.close();
    }

    @Override
    public RepositorySource source() {
        return RepositorySource.GCS;
    }

    @Override
    public String bucket() {
        return "models";
    }

    @Override
    public StoreEndpoints endpoints() {
        return new StoreEndpoints(
                null,
                null,
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                null,
                null);
    }

    @Override
    public Credentials credentials() {
        return StoreServer.credentials("gs://models", ofAccount ? key(key) : TOKEN);
    }

    @Override
    public Credentials wrongCredentials() {
        return StoreServer.credentials("gcs", ofAccount ? key(newKey()) : "other-" + TOKEN);
    }

    @Override
    public String secret() {
        return ofAccount
                ? Base64.getEncoder().encodeToString(key.getPrivate().getEncoded()).substring(0, 40)
                : TOKEN;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
