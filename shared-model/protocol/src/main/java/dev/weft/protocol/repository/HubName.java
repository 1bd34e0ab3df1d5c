package dev.weft.protocol.repository;

import java.util.regex.Pattern;

/**
 * Names of repositories on Hugging Face's hub.
 *
 * @see <a
 *     href="https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/utils/_validators.py">the
 *     hub's own rule, validate_repo_id</a>
 */
public final class HubName {
    /** What a message says is allowed. */
    public static final String ALLOWED = "owner/name";

    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}(/[A-Za-z0-9][\\w.-]{0,95})?");

    private HubName() {}

    /** Whether a repository can have this name. */
    public static boolean fits(String repo) {
        return NAME.matcher(repo).matches() && !repo.contains("..");
    }
}
