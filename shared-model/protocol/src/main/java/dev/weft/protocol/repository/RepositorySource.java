package dev.weft.protocol.repository;

/**
 * The kind of place that holds a repository; the words are those of the deployment file and the
 * admin API.
 */
public enum RepositorySource {
    /** Hugging Face hub, or the server that HF_ENDPOINT names. */
    HF,
    /** Google Cloud Storage. */
    GCS,
    /** Amazon S3 or a server that speaks its protocol. */
    S3,
    /** Azure Blob Storage. */
    AZURE,
    /** Any HTTP address. */
    REMOTE_URL,
    /** A folder on this machine. */
    FILE;

    /**
     * Whether a request may name that revision. A folder is taken as it is: a branch or a tag is a
     * note on it, and a hash is not allowed, since the folder can't be held to that content.
     */
    public boolean mayBeAt(String revision) {
        return this != FILE || !revision.startsWith("sha256:");
    }
}
