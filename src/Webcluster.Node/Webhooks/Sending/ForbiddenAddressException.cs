namespace Webcluster.Node.Webhooks.Sending;

/// <summary>A host has no address that requests may go to; the message is for the operator.</summary>
internal sealed class ForbiddenAddressException(string message) : IOException(message);
