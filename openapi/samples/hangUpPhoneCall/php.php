<?php

// Hangs up one phone call. Needs PHP 8 with the extension curl.

$url = getenv('UAPI_URL');
$token = getenv('UAPI_TOKEN');
$user = '12';
$extension = '0003*210';
$phoneCall = 'b817d2618fe6f1804333';

$request = curl_init("$url/phoneCalls/$user/$extension/$phoneCall");
curl_setopt_array($request, [
    CURLOPT_CUSTOMREQUEST => 'DELETE',
    CURLOPT_HTTPHEADER => ["Authorization: Bearer $token"],
    CURLOPT_RETURNTRANSFER => true,
]);
$body = curl_exec($request);
if ($body === false) {
    fwrite(STDERR, curl_error($request) . "\n");
    exit(1);
}
$answer = json_decode($body);
if (curl_getinfo($request, CURLINFO_RESPONSE_CODE) >= 400) {
    fwrite(STDERR, "{$answer->error->code}: {$answer->error->message}\n");
    exit(1);
}

foreach ($answer ?? [] as $call) {
    echo "{$call->id} is hung up\n";
}
